internal import Events
internal import Records

/// One line of JSON: an object whose members are no objects or arrays.
struct FlatRecord: Equatable {
  enum Value: Equatable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)

    /// `nil` for an object, an array, and a number beyond the doubles.
    init?(_ value: JSONValue) {
      switch value {
      case .null: self = .null
      case .boolean(let truth): self = .truth(truth)
      case .number(let number, _) where number.isFinite: self = .number(number)
      case .string(let text): self = .text(text)
      case .number, .array, .object: return nil
      }
    }
  }

  private(set) var members: [String: Value] = [:]

  /// The most members of a record.
  static let memberLimit = 64

  /// Reads a line; `nil` when it is anything else (RFC 8259), or a member comes twice.
  init?(_ line: ArraySlice<UInt8>) {
    guard case .object(let read)? = JSONValue(line, nesting: 1), read.count <= Self.memberLimit
    else { return nil }
    for member in read {
      guard let value = Value(member.value),
        members.updateValue(value, forKey: member.key) == nil
      else { return nil }
    }
  }

  var type: String? { text("type") }

  func text(_ name: String) -> String? {
    if case .text(let text) = members[name] { text } else { nil }
  }

  func number(_ name: String) -> Double? {
    if case .number(let number) = members[name] { number } else { nil }
  }

  func truth(_ name: String) -> Bool? {
    if case .truth(let truth) = members[name] { truth } else { nil }
  }

  /// A whole number that is not negative.
  func count(_ name: String) -> Int? {
    number(name).flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  func time(_ name: String) -> Int64? { text(name).flatMap { Timestamp.parse($0) } }

  /// Whether the member is there and is `null`.
  func isNull(_ name: String) -> Bool { members[name] == .null }
}
