/// HMAC-SHA-256 of RFC 2104 with one key, and what is made with it.
///
/// It prints without its key.
public struct KeyedHash: Sendable, Equatable, CustomStringConvertible {
  /// The key with the inner and the outer padding, 64 bytes each.
  private let inner: [UInt8]
  private let outer: [UInt8]

  /// The fewest bytes of a key: a shorter one is guessed.
  public static let keyBytesLimit = 16
  /// What the hash of a value begins with.
  public static let mark = Array("hmac:".utf8)
  /// How many bytes of the hash stand for a value.
  static let shownBytes = 16

  /// Hashes with a key of any length.
  public init(key: [UInt8]) {
    var block = key.count > 64 ? SHA256.hash(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    inner = block.map { $0 ^ 0x36 }
    outer = block.map { $0 ^ 0x5c }
  }

  /// Nothing of the key.
  public var description: String { "KeyedHash" }

  /// The hash of a message, 32 bytes.
  public func hash(_ message: [UInt8]) -> [UInt8] {
    SHA256.hash(outer + SHA256.hash(inner + message))
  }

  /// What tells one key from another, 16 bytes, and nothing of either.
  public var check: [UInt8] { Array(hash([2]).prefix(16)) }

  /// What stands for a value: `hmac:` and 32 hexadecimal digits, the first half of its hash.
  ///
  /// What has that form already stays, so that a hash that comes back stands for the same value.
  public func name(of value: [UInt8]) -> [UInt8] {
    if Self.isName(value) { return value }
    let digits = Array("0123456789abcdef".utf8)
    return hash(value).prefix(Self.shownBytes).reduce(into: Self.mark) { name, byte in
      name.append(digits[Int(byte >> 4)])
      name.append(digits[Int(byte & 15)])
    }
  }

  /// Whether a value has the form that ``name(of:)`` gives.
  public static func isName(_ value: [UInt8]) -> Bool {
    value.count == mark.count + 2 * shownBytes && value.starts(with: mark)
      && value.dropFirst(mark.count).allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }
}

extension KeyedHash {
  /// How many bytes longer a sealed text is.
  public static let sealBytes = 16

  /// A text that only this key opens.
  ///
  /// A synthetic initialization vector as of RFC 5297, with HMAC-SHA-256 for both of its parts: the
  /// same text gives the same bytes, different ones share no key stream.
  public func sealed(_ text: [UInt8]) -> [UInt8] {
    let tag = Array(hash([0] + text).prefix(Self.sealBytes))
    return tag + masked(text[...], tag)
  }

  /// The text of ``sealed(_:)``; `nil` of anything else and with another key.
  public func opened(_ sealed: [UInt8]) -> [UInt8]? {
    guard sealed.count >= Self.sealBytes else { return nil }
    let tag = Array(sealed.prefix(Self.sealBytes))
    let text = masked(sealed.dropFirst(Self.sealBytes), tag)
    return Array(hash([0] + text).prefix(Self.sealBytes)) == tag ? text : nil
  }

  private func masked(_ text: ArraySlice<UInt8>, _ tag: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var mask: [UInt8] = []
    for (place, byte) in text.enumerated() {
      if place % 32 == 0 {
        let block = UInt32(truncatingIfNeeded: place / 32)
        mask = hash([1] + tag + (0..<4).map { UInt8(truncatingIfNeeded: block >> (8 * $0)) })
      }
      result.append(byte ^ mask[place % 32])
    }
    return result
  }
}
