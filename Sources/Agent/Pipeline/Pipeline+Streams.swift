internal import Ingest

/// A pipeline's streams; of use between rounds.
extension Pipeline {
  /// How many streams there are, a partition of a topic each one of them.
  var streamCount: Int { crew.withStreams { $0.streams.count } }
}
