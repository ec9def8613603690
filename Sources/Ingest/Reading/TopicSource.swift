package import Connectors

/// A partition of a Kafka topic as a stream of events.
package final class TopicSource: EventSource {
  package let name: String
  private let partition: KafkaPartition
  private let consumer: KafkaConsumer
  private var hasEnded = false

  /// A partition, and the member of the group who reads it.
  package init(_ partition: KafkaPartition, of consumer: KafkaConsumer) {
    name = partition.name
    self.partition = partition
    self.consumer = consumer
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    if let failure = consumer.failure {
      hasEnded = true
      throw .kafka(failure)
    }
    guard !hasEnded, !consumer.isPaused else { return false }
    return partition.read(into: &chunk, target: target)
  }

  package func endInput() { hasEnded = true }

  package var isAtEnd: Bool { hasEnded }

  package var wake: SourceWake {
    if hasEnded || consumer.failure != nil { return .now }
    if consumer.isPaused || !partition.isReadable { return .signal(consumer.wakeDescriptor) }
    return .now
  }

  package var isLagging: Bool {
    !hasEnded && !isAway && !partition.isCaughtUp && consumer.failure == nil
  }

  package var isAway: Bool { consumer.isAway(partition) }

  package var mark: SourceMark { .line(partition.next.map(Int.init)) }

  package func resume(at offset: Int) throws(StreamError) -> Bool {
    partition.begin(at: Int64(offset))
    return true
  }

  package func takeCut() -> Bool {
    defer { partition.isCut = false }
    return partition.isCut
  }
}
