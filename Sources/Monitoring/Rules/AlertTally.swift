internal import Records
internal import Sketches

/// What an incident's title says of its alerts of one cause; constant work an alert.
struct AlertTally {
  /// The names that a title has room for.
  private static let namesLimit = 3

  /// The most alerts of an incident that a state may tell of: one can go on counting from there.
  static let countMax = 1 << 50

  /// How many there are.
  private(set) var count = 0
  /// The part of the traffic that all of them are about, in words; `nil` where they differ.
  private(set) var part: String?
  /// The names in the order in which they came; those that the title has room for.
  private var firstNames: [String] = []
  private var names: Set<String> = []

  /// Takes in an alert.
  mutating func insert(_ member: Incident.Member) {
    part = count == 0 || part == member.part ? member.part : nil
    count += 1
    let name = member.signal ?? member.alert
    guard names.insert(name).inserted, firstNames.count < Self.namesLimit else { return }
    firstNames.append(name)
  }

  /// The first signals by name, those without one by their rules.
  var listing: String {
    let more = names.count - firstNames.count
    return firstNames.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}

extension AlertTally: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(count))
    writer.write(part)
    writer.write(firstNames)
    writer.write(names.sorted())
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    count = try reader.readCount(limit: Self.countMax)
    part = try reader.read()
    firstNames = try reader.read()
    let all: [String] = try reader.read()
    names = Set(all)
  }
}
