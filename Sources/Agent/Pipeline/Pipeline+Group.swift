internal import Ingest
internal import Records

/// A pipeline's part in a Kafka group; of use between rounds.
extension Pipeline {
  /// How many streams there are, a partition of a topic each one of them.
  var streamCount: Int { crew.withStreams { $0.streams.count } }

  /// Whether topics are read.
  var hasGroup: Bool { crew.withStreams { $0.hasGroup } }

  /// Whether the group takes partitions back, and waits for `handOver`.
  var mustHandOver: Bool { crew.withStreams { $0.mustHandOver } }

  /// Hands over what is to be said of the topics, a sentence each.
  func takeNotes() -> [String] { crew.withStreams { $0.takeNotes() } }

  /// Tells the group how far all is that was counted.
  ///
  /// - Parameter waits: Whether to wait for its answer.
  func commit(waits: Bool) { crew.withStreams { $0.commit(waits: waits) } }

  /// Gives back what the group takes: it is kept, or nothing is.
  func handOver() { crew.withStreams { $0.handOver() } }

  /// What of the topics' records was passed over, in words; nothing where nothing was.
  package var passedOver: String? {
    guard let counts = crew.withStreams({ $0.passedOver.map { [$0.empty, $0.again] } }),
      counts != [0, 0]
    else { return nil }
    return "passed over: \(counted(counts[0], "record")) without a value, "
      + "\(counted(counts[1], "record")) that came again"
  }

  /// Leaves the group.
  func leaveGroup() { crew.withStreams { $0.close() } }
}
