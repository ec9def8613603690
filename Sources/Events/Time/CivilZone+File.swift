/// Why a file is no time zone.
public enum ZoneFileError: Error, Equatable, CustomStringConvertible {
  /// It does not begin as a file of the tz database.
  case notAZone
  /// It is larger than any zone: so many bytes.
  case tooLarge(bytes: Int)
  /// It contradicts itself, or ends too soon.
  case damaged
  /// It counts leap seconds, as the zones under `right/` do.
  case leapSeconds

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .notAZone: "no file of the tz database"
    case .tooLarge(let bytes): "\(bytes) bytes, more than a time zone has"
    case .damaged: "a damaged file of the tz database"
    case .leapSeconds: "a zone that counts leap seconds, which event times do not"
    }
  }
}

extension CivilZone {
  /// The largest file that is read; the tz database's largest has 4 KiB.
  public static let fileBytesLimit = 1 << 16

  /// Reads a file of the tz database.
  ///
  /// - Parameters:
  ///   - name: The zone's name.
  ///   - bytes: TZif of any version.
  /// - Throws: `ZoneFileError` for anything else, whatever the bytes.
  /// - **Source**: RFC 8536 §3.
  public init(name: String, file bytes: [UInt8]) throws(ZoneFileError) {
    guard bytes.count <= Self.fileBytesLimit else {
      throw .tooLarge(bytes: bytes.count)
    }
    var reader = ZoneFileReader(rest: bytes[...])
    var block = try reader.block(timeBytes: 4)
    if block.version >= 0x32 {
      // The first block is for readers of version 1; the second has times of 64 bits.
      block = try reader.block(timeBytes: 8)
    }
    self.name = name
    changes = block.changes
    offsets = block.offsets
    rule = block.version >= 0x32 ? try reader.footer() : nil
  }
}

/// Takes the parts of a file.
private struct ZoneFileReader {
  struct Block {
    var version: UInt8
    var changes: [Int64]
    var offsets: [Int64]
  }

  var rest: ArraySlice<UInt8>

  /// A header and its data.
  mutating func block(timeBytes: Int) throws(ZoneFileError) -> Block {
    guard rest.starts(with: "TZif".utf8) else {
      throw .notAZone
    }
    rest = rest.dropFirst(4)
    let version = UInt8(truncatingIfNeeded: try number(1))
    rest = rest.dropFirst(15)
    let (utcFlags, standardFlags) = (try number(4), try number(4))
    let (leaps, times, types, letters) =
      (try number(4), try number(4), try number(4), try number(4))
    guard leaps == 0 else {
      throw .leapSeconds
    }
    guard types > 0, types <= 256, (0...65_536).contains(times), (0...65_536).contains(letters),
      (0...256).contains(utcFlags), (0...256).contains(standardFlags)
    else {
      throw .damaged
    }
    var changes: [Int64] = []
    for _ in 0..<times {
      changes.append(try number(timeBytes))
    }
    var indices: [Int] = []
    for _ in 0..<times {
      indices.append(Int(try number(1) & 0xFF))
    }
    var kinds: [Int64] = []
    for _ in 0..<types {
      kinds.append(try number(4))
      _ = try number(2)
    }
    let skipped = Int(letters + utcFlags + standardFlags)
    guard rest.count >= skipped, zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }),
      indices.allSatisfy({ $0 < kinds.count }), kinds.allSatisfy({ abs($0) < 26 * 3_600 })
    else {
      throw .damaged
    }
    rest = rest.dropFirst(skipped)
    return Block(
      version: version,
      changes: changes,
      offsets: [kinds[0]] + indices.map { kinds[$0] }
    )
  }

  /// The rule in the last line; `nil` where it is empty.
  mutating func footer() throws(ZoneFileError) -> ZoneRule? {
    guard rest.first == Byte.newline, let end = rest.dropFirst().firstIndex(of: Byte.newline) else {
      throw .damaged
    }
    let text = Array(rest[(rest.startIndex + 1)..<end])
    guard !text.isEmpty else {
      return nil
    }
    guard let rule = ZoneRule(text) else {
      throw .damaged
    }
    return rule
  }

  /// A signed number of so many bytes, the highest first.
  private mutating func number(_ width: Int) throws(ZoneFileError) -> Int64 {
    guard rest.count >= width else {
      throw .damaged
    }
    var number: Int64 = 0
    for byte in rest.prefix(width) {
      number = number << 8 | Int64(byte)
    }
    rest = rest.dropFirst(width)
    let unused = 64 - 8 * Int64(width)
    return (number << unused) >> unused
  }
}
