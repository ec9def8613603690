/// Writes the lines of a described stream, one after the other, in order of time: events, and what
/// came of them.
///
/// Memory does not depend on the stream's length, but on how many outcomes wait for their time, of
/// which `StreamBounds.waitingOutcomes` is the limit. The lines depend on the description, the
/// changes that are left out, and nothing else; an event that a left-out change does not touch is
/// the same with and without it.
///
/// - **Complexity**: O(fields) an event, and O(log w) where w outcomes wait.
///
/// Its 10 properties are what a stream is made of and where its making stands, and two counts.
public struct StreamGenerator {
  private let layout: EventLayout
  private let outcomePlan: (description: OutcomeDescription, layout: EventLayout)?
  private var sampler: EventSampler
  private var arrivals: EventArrivals
  private let times: Range<Int64>
  /// The event that comes next, drawn already; `nil` before the first and after the last.
  private var upcoming: (event: Int, time: Int64)?
  private var waiting = WaitingLines()
  private var hasBegun = false
  /// Events written so far.
  public private(set) var events = 0
  /// Outcomes written so far.
  public private(set) var outcomes = 0

  /// The start of a stream.
  ///
  /// - Parameters:
  ///   - specification: The stream.
  ///   - without: Names of changes that do not happen.
  ///   - times: Lines outside are left out; nanoseconds since 1970. `nil` for all.
  public init(
    _ specification: StreamSpecification,
    without: Set<String> = [],
    times: Range<Int64>? = nil
  ) {
    layout = EventLayout(eventsOf: specification)
    outcomePlan = specification.outcomes.map { ($0, EventLayout($0.members, specification)) }
    sampler = EventSampler(specification, without: without)
    let all = specification.start..<specification.end
    self.times = times.map { $0.clamped(to: all) } ?? all
    arrivals = EventArrivals(specification, without: without)
  }

  /// Appends the next line: of an event and an outcome at one time, the event is first.
  ///
  /// - Parameter line: Receives the line with its end.
  /// - Returns: Whether there was one; the stream has ended when not.
  public mutating func next(into line: inout [UInt8]) -> Bool {
    if !hasBegun {
      hasBegun = true
      draw()
    }
    while true {
      let eventTime = upcoming?.time ?? times.upperBound
      guard let time = waiting.firstTime, time < eventTime else {
        guard let (event, time) = upcoming else { return false }
        let isWritten = time >= times.lowerBound
        if isWritten {
          layout.write(sampler, event: event, eventTime: time, time: time, to: &line)
        }
        awaitOutcome(of: event, at: time)
        draw()
        guard isWritten else { continue }
        events += 1
        return true
      }
      guard let outcome = waiting.removeFirst() else { return false }
      guard time >= times.lowerBound else { continue }
      line.append(contentsOf: outcome.line)
      outcomes += 1
      return true
    }
  }

  /// Draws the next event; one before the part that is written only where it has an outcome.
  private mutating func draw() {
    upcoming = nil
    while let (event, time) = arrivals.next(before: times.upperBound) {
      guard time >= times.lowerBound || outcomePlan != nil else { continue }
      sampler.draw(event: event, time: time)
      upcoming = (event, time)
      return
    }
  }

  private mutating func awaitOutcome(of event: Int, at eventTime: Int64) {
    guard let (description, layout) = outcomePlan, sampler.meets(description.conditions),
      let delay = description.delay(sampler.values)
    else { return }
    let exact = eventTime.addingReportingOverflow(delay).partialValue
    let time = exact - exact % 1_000_000
    guard exact >= eventTime, times.lowerBound..<times.upperBound ~= time else { return }
    var line: [UInt8] = []
    layout.write(sampler, event: event, eventTime: eventTime, time: time, to: &line)
    waiting.insert(WaitingLines.Entry(time: time, event: event, line: line))
  }
}
