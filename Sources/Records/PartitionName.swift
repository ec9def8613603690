/// What a partition of a Kafka topic is called among streams: `kafka:predictions[3]`.
///
/// A file of such a name is named `./kafka:predictions[3]`.
public struct PartitionName: Sendable, Equatable, CustomStringConvertible {
  /// The topic.
  public var topic: String
  /// The partition's number in it, from 0.
  public var number: Int

  /// A partition.
  public init(topic: String, number: Int) {
    self.topic = topic
    self.number = number
  }

  /// Reads a name; `nil` where it is none of a partition.
  public init?(_ name: String) {
    guard name.hasPrefix(Self.prefix), name.hasSuffix("]"), let open = name.lastIndex(of: "["),
      let number = Int(name[name.index(after: open)...].dropLast()), number >= 0
    else { return nil }
    self.init(topic: String(name[..<open].dropFirst(Self.prefix.count)), number: number)
  }

  private static let prefix = "kafka:"

  /// The name.
  public var description: String { "\(Self.prefix)\(topic)[\(number)]" }
}
