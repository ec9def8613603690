internal import Connectors
internal import Records

/// A partition of a Kafka topic as a stream of events.
final class TopicSource: EventSource {
  let name: String
  private let partition: KafkaPartition
  private let consumer: KafkaConsumer
  private var hasEnded = false

  init(_ partition: KafkaPartition, of consumer: KafkaConsumer) {
    name = PartitionName(topic: partition.topic, number: Int(partition.number)).description
    self.partition = partition
    self.consumer = consumer
  }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    if let failure = consumer.failure {
      hasEnded = true
      throw .kafka(failure)
    }
    guard !hasEnded, !consumer.isPaused else { return false }
    return partition.read(into: &chunk, target: target)
  }

  func endInput() { hasEnded = true }

  var isAtEnd: Bool { hasEnded }

  var wake: SourceWake {
    if hasEnded || consumer.failure != nil { return .now }
    if consumer.isPaused || !partition.isReadable { return .signal(consumer.wakeDescriptor) }
    return .now
  }

  var isLagging: Bool { !hasEnded && !isAway && !partition.isCaughtUp && consumer.failure == nil }

  var isAway: Bool { consumer.isAway(partition) }

  var mark: SourceMark { .line(partition.next.map(Int.init)) }

  func resume(at offset: Int) throws(StreamError) -> Bool {
    partition.begin(at: Int64(offset))
    return true
  }

  func takeCut() -> Bool {
    defer { partition.isCut = false }
    return partition.isCut
  }
}
