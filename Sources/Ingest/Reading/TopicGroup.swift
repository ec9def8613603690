package import Connectors

/// The partitions of Kafka topics that a group shares out, and our part in it.
///
/// All of it is used between rounds, when every record that was read has been counted.
package final class TopicGroup {
  private let consumer: KafkaConsumer

  /// Logs in, and looks at the topics; nothing is read yet.
  ///
  /// - Parameter subscription: What is to be read.
  /// - Throws: `StreamError.kafka`, as `KafkaConsumer` does.
  package init(_ subscription: KafkaSubscription) throws(StreamError) {
    consumer = try KafkaConsumer(subscription)
  }

  /// All partitions that are known, a source each.
  package var sources: [any EventSource] {
    consumer.partitions.map { TopicSource($0, of: consumer) }
  }

  /// Hands over the partitions that came since this was last asked, a source each; they are read from
  /// the next `serve` on.
  func takeFresh() -> [any EventSource] {
    consumer.takeFresh().map { TopicSource($0, of: consumer) }
  }

  /// Whether partitions are read that come after the start.
  var mayGrow: Bool {
    get { consumer.mayGrow }
    set { consumer.mayGrow = newValue }
  }

  /// Readable once something has come, a record or a word of the group.
  var wakeDescriptor: Int32 { consumer.wakeDescriptor }

  /// Why nothing more can be read.
  var failure: StreamError? { consumer.failure.map { .kafka($0) } }

  /// Whether it was joined: the first `serve` does.
  var hasJoined: Bool { consumer.hasSubscribed }

  /// Does what the group and the brokers ask for.
  func serve() { consumer.serve() }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] { consumer.takeNotes() }

  /// Whether the group takes partitions back: nothing is read until `handOver`.
  var mustHandOver: Bool { consumer.mustHandOver }

  /// Takes note of how far the partitions are read.
  func notePlaces() { consumer.notePlaces() }

  /// Tells the group how far we were when that was noted.
  ///
  /// - Parameter waits: Whether to wait for its answer.
  func commit(waits: Bool) { consumer.commit(waits: waits) }

  /// Gives back what the group takes.
  func handOver() { consumer.handOver() }

  /// Whether it has given us no partition so far.
  var isIdle: Bool { consumer.partitions.isEmpty }

  /// How it stands.
  var figures: KafkaFigures { consumer.figures }

  /// Leaves the group.
  func close() { consumer.close() }
}
