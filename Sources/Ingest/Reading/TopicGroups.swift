package import Connectors

/// The groups whose topics are read: one for each source of topics.
///
/// All of it is used between rounds, when every record that was read has been counted.
package struct TopicGroups {
  private let groups: [TopicGroup]

  /// No topics are read.
  package static var none: TopicGroups { TopicGroups() }

  private init() { groups = [] }

  /// Logs in, and looks at the topics; nothing is read yet.
  ///
  /// - Parameter subscriptions: What is to be read, of each source; no topic is of two.
  /// - Throws: `StreamError.kafka`, as `KafkaConsumer` does.
  package init(_ subscriptions: [KafkaSubscription]) throws(StreamError) {
    var groups: [TopicGroup] = []
    for subscription in subscriptions { groups.append(try TopicGroup(subscription)) }
    self.groups = groups
  }

  /// All partitions that are known, a source each.
  package var sources: [any EventSource] { groups.flatMap(\.sources) }

  /// Whether no topics are read.
  var isEmpty: Bool { groups.isEmpty }

  /// Hands over the partitions that came since this was last asked, a source each; they are read from
  /// the next `serve` on.
  func takeFresh() -> [any EventSource] { groups.flatMap { $0.takeFresh() } }

  /// Says whether partitions are read that come after the start.
  func allowGrowth(_ isAllowed: Bool) { for group in groups { group.mayGrow = isAllowed } }

  /// The descriptors of groups that have given us no partition, each readable once one has a word.
  var idleDescriptors: [Int32] { groups.filter(\.isIdle).map(\.wakeDescriptor) }

  /// Why nothing more can be read of one of them.
  var failure: StreamError? { groups.lazy.compactMap(\.failure).first }

  /// Whether all were joined: the first `serve` does.
  var haveJoined: Bool { groups.allSatisfy(\.hasJoined) }

  /// Does what the groups and the brokers ask for.
  func serve() { for group in groups { group.serve() } }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] { groups.flatMap { $0.takeNotes() } }

  /// Whether one of them takes partitions back: nothing of it is read until `handOver`.
  var mustHandOver: Bool { groups.contains(where: \.mustHandOver) }

  /// Takes note of how far the partitions are read.
  func notePlaces() { for group in groups { group.notePlaces() } }

  /// Tells the groups how far we were when that was noted.
  ///
  /// - Parameter waits: Whether to wait for their answers.
  func commit(waits: Bool) { for group in groups { group.commit(waits: waits) } }

  /// Gives back what is taken.
  func handOver() { for group in groups { group.handOver() } }

  /// How all stand; `nil` without topics.
  var figures: KafkaFigures? {
    guard let first = groups.first?.figures else { return nil }
    return groups.dropFirst().reduce(first) { $0 + $1.figures }
  }

  /// Leaves the groups.
  func close() { for group in groups { group.close() } }
}
