package import Connectors

/// A stretch of a topic's partition as a stream of recorded events.
package final class TopicRangeSource: EventSource {
  package let name: String
  private let partition: KafkaPartition
  private let reader: KafkaRangeReader
  private let first: Int64

  private init(_ partition: KafkaPartition, of reader: KafkaRangeReader) {
    name = partition.name
    self.partition = partition
    self.reader = reader
    first = partition.next ?? 0
  }

  /// Logs in, and looks at where ranges are; nothing is read yet.
  ///
  /// - Parameter ranges: What is to be read.
  /// - Returns: A source for each partition.
  /// - Throws: `StreamError.kafka`, as `KafkaRangeReader` does.
  package static func open(_ ranges: [KafkaRange]) throws(StreamError) -> [any EventSource] {
    var sources: [any EventSource] = []
    for range in ranges {
      let reader = try KafkaRangeReader(range)
      sources += reader.partitions.map { TopicRangeSource($0, of: reader) }
    }
    return sources
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    try reader.read(partition, into: &chunk, target: target)
  }

  package var isAtEnd: Bool { partition.isAtEnd }

  /// Records, and not bytes: their lengths are not known before they come.
  package var progress: (read: Int, total: Int)? {
    let end = partition.end ?? first
    return (Int((partition.next ?? first) - first), Int(max(end - first, 0)))
  }

  package var mark: SourceMark { .line(partition.next.map(Int.init)) }

  package func resume(at offset: Int) throws(StreamError) -> Bool {
    partition.begin(at: max(Int64(offset), first))
    return true
  }
}
