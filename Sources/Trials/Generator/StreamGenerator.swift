/// Writes the events of a described stream, one line after the other, in order of time.
///
/// Memory does not depend on the stream's length. The lines depend on the description, the changes
/// that are left out, and nothing else; an event that a left-out change does not touch is the same
/// with and without it.
///
/// - **Complexity**: O(fields) an event.
public struct StreamGenerator {
  private let layout: EventLayout
  private var sampler: EventSampler
  private var arrivals: EventArrivals
  private let times: Range<Int64>
  /// Events written so far.
  public private(set) var events = 0

  /// The start of a stream.
  ///
  /// - Parameters:
  ///   - specification: The stream.
  ///   - without: Names of changes that do not happen.
  ///   - times: Events outside are left out; nanoseconds since 1970. `nil` for all.
  public init(
    _ specification: StreamSpecification,
    without: Set<String> = [],
    times: Range<Int64>? = nil
  ) {
    layout = EventLayout(specification)
    sampler = EventSampler(specification, without: without)
    let all = specification.start..<specification.end
    self.times = times.map { $0.clamped(to: all) } ?? all
    arrivals = EventArrivals(specification, without: without)
  }

  /// Appends the next event as a line.
  ///
  /// - Parameter line: Receives the line with its end.
  /// - Returns: Whether there was one; the stream has ended when not.
  public mutating func next(into line: inout [UInt8]) -> Bool {
    while let (event, time) = arrivals.next(before: times.upperBound) {
      guard time >= times.lowerBound else { continue }
      sampler.draw(event: event, time: time)
      layout.write(sampler, event: event, time: time, to: &line)
      events += 1
      return true
    }
    return false
  }
}
