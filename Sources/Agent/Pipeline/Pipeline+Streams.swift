internal import Ingest
internal import Monitoring

/// A pipeline's streams; of use between rounds.
extension Pipeline {
  /// How many streams there are, a partition of a topic each one of them.
  var streamCount: Int { crew.withStreams { $0.streams.count } }

  /// Reads one more stream, which others read, too.
  mutating func add(_ source: any EventSource) {
    crew.append(JoinedSource.joining(source, plan.monitor, goesOn: ends.mayGoOn))
    takeUpStreams()
  }

  /// Takes up the streams that came behind the others; one that an earlier process read goes on where
  /// that stood.
  mutating func takeUpStreams() {
    let positions = crew.positions
    guard streamCount > positions.count else { return }
    let begun = StreamPosition(after: 0, closedPane: positions.compactMap(\.closedPane).max())
    for (index, mark) in crew.marks.enumerated().dropFirst(positions.count) {
      crew.appendPosition(begun)
      deliveries.addStream()
      goOn(index, mark)
    }
  }
}
