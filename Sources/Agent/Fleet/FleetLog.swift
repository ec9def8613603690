internal import Connectors
internal import Sketches

/// A fleet's topic: what its members tell each other, in one order.
final class FleetLog {
  /// The topic.
  let topic: String
  /// Whose entries are written and read: a monitor's, each by its number.
  let owners: [StateOwner]
  private let producer: KafkaProducer
  private let reader: KafkaReader
  /// A number of this process.
  private let writer = UInt64.random(in: .min ... .max)
  private var number: UInt64 = 0

  /// The partition: there is one, so that there is one order.
  static let partition: Int32 = 0
  /// How long an entry is waited for that is there, in milliseconds.
  static let readLimit: Int64 = 10_000

  /// Logs in, and looks at the topic.
  ///
  /// - Parameters:
  ///   - settings: How the cluster is reached.
  ///   - topic: The topic.
  ///   - owners: Whose entries are written and read, of each monitor in its order.
  /// - Throws: `StreamError.kafka` where the login is refused, the topic is not there, or has more than
  ///   one partition.
  init(_ settings: KafkaSettings, topic: String, _ owners: [StateOwner]) throws(StreamError) {
    self.topic = topic
    self.owners = owners
    let packed = KafkaSettings(servers: settings.servers, properties: ["compression.codec": "zstd"])
    producer = try KafkaProducer(packed.with(settings.properties), topics: [topic])
    reader = try KafkaReader(settings, topic: topic)
    guard reader.partitionCount == 1 else {
      throw .kafka(.manyPartitions(Int(reader.partitionCount), topic: topic))
    }
  }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - monitor: The number of the monitor that it is about.
  /// - Throws: `StreamError.kafka` where it cannot be written at all.
  func append(_ entry: FleetEntry, of monitor: Int) throws(StreamError) {
    number += 1
    let records = FleetParts.records(of: entry, owners[monitor], writer: writer, number: number)
    for record in records {
      // Without a key, so that a topic that is compacted by mistake refuses it and loses none.
      try producer.send(to: topic, partition: Self.partition, key: nil, value: record[...])
    }
    try producer.serve()
  }

  /// Waits for a while until all that was added is there.
  ///
  /// - Returns: Whether it is.
  /// - Throws: `StreamError.kafka` where an entry cannot be written at all.
  func settle() throws(StreamError) -> Bool {
    try producer.settle(milliseconds: TopicSink.settleLimit) == 0
  }

  /// How many records are not acknowledged yet.
  var unacknowledged: Int { producer.unacknowledged }

  /// Where the first entry is, and where the next one would be.
  ///
  /// - Throws: `StreamError.kafka` where nobody answers.
  func ends() throws(StreamError) -> (low: Int64, high: Int64) {
    try reader.ends(of: Self.partition)
  }

  /// Reads the entries from a place on.
  ///
  /// - Parameters:
  ///   - offset: The place.
  ///   - take: Takes an entry and the number of the monitor that it is about, and says whether to go
  ///     on.
  /// - Throws: `StreamError.kafka` where it cannot be read.
  func read(
    from offset: Int64,
    _ take: (FleetEntry, Int) -> Bool
  ) throws(StreamError) {
    var assembler = FleetAssembler(owners)
    try reader.read(Self.partition, from: offset, milliseconds: Self.readLimit) { record in
      guard let (entry, monitor) = assembler.take(record) else { return true }
      return take(entry, monitor)
    }
  }

  /// Hands over what is to be said of the cluster, a sentence each.
  func takeNotes() -> [String] { producer.takeNotes() }
}
