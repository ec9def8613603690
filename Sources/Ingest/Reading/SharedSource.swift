internal import Connectors

/// A stream as one of several monitors reads it: `SharedStreams` reads it once, and hands it to each.
///
/// Its 10 properties are what was handed over, where the stream stands behind it, and where this
/// reader begins.
final class SharedSource: EventSource {
  /// A chunk, and where its stream stands behind it.
  struct Delivery {
    var chunk: LineChunk
    let mark: SourceMark
    let tornBytes: Int
    /// Whether events were lost before it.
    let isCut: Bool
  }

  let name: String
  private let index: Int
  private unowned let streams: SharedStreams

  private var deliveries: [Delivery] = []
  private var taken = 0
  private var place: SourceMark
  private(set) var tornBytes = 0
  private var state = State()
  /// The first line that was not read by an earlier process, until that has come.
  private var start: Int?
  private var isCut = false

  /// How a stream stands beside what was handed over of it.
  struct State {
    var hasEnded = false
    var isLagging = false
    var isAway = false
  }

  init(_ source: any EventSource, at index: Int, of streams: SharedStreams) {
    name = source.name
    place = source.mark
    self.index = index
    self.streams = streams
  }

  // MARK: From the one who reads

  /// Takes a chunk; a reader that begins behind it leaves it out.
  func take(_ delivery: Delivery) { deliveries.append(delivery) }

  /// Takes note of how the stream stands.
  ///
  /// - Parameters:
  ///   - source: The stream.
  ///   - state: How it stands.
  func observe(_ source: any EventSource, _ state: State) {
    self.state = state
    guard taken == deliveries.count else { return }
    place = source.mark
    tornBytes = source.tornBytes
  }

  /// Takes note that events were lost before they were read.
  func cut() {
    isCut = true
    // The stream may have begun anew, with other lines of the same numbers.
    start = nil
  }

  // MARK: To the one who counts

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    while taken < deliveries.count {
      let delivery = deliveries[taken]
      taken += 1
      chunk = delivery.chunk
      place = delivery.mark
      tornBytes = delivery.tornBytes
      if delivery.isCut { cut() }
      if taken == deliveries.count {
        deliveries.removeAll()
        taken = 0
      }
      guard let start else { return true }
      chunk.begin(atLine: start)
      guard chunk.count > 0 else { continue }
      self.start = nil
      return true
    }
    return false
  }

  var isAtEnd: Bool { state.hasEnded && taken == deliveries.count }

  var wake: SourceWake { state.hasEnded || taken < deliveries.count ? .now : .signal(-1) }

  var isLagging: Bool { state.isLagging }
  /// What was handed over is counted at once: the one who reads has waited already.
  var isAwaited: Bool { false }
  var isAway: Bool { state.isAway }

  var mark: SourceMark {
    guard let start, case .line(let line) = place else { return place }
    return .line(max(line ?? start, start))
  }

  func resume(at line: Int) throws(StreamError) -> Bool {
    let beginning = try streams.begin(index, at: line)
    if beginning == .there, place != .pipe { start = line }
    return go(on: beginning)
  }

  func resume(_ mark: FileMark) throws(StreamError) -> Bool {
    go(on: try streams.begin(index, at: mark))
  }

  private func go(on beginning: SharedStreams.Beginning) -> Bool {
    if beginning == .elsewhere { isCut = true }
    return beginning != .tooShort
  }

  func takeCut() -> Bool {
    defer { isCut = false }
    return isCut
  }
}
