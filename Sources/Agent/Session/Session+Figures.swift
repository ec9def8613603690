internal import Events
package import Ingest
internal import Monitoring
internal import Records

extension Session {
  /// How the agent itself stands: what it has read, what waits, and how old its state is.
  ///
  /// - Parameter now: The agent's clocks.
  /// - Returns: A line for all and one for each stream, as pairs of names and values (logfmt); of
  ///   several monitors these for each.
  package func figures(_ now: AgentTime) -> String {
    var agent = FigureLine("agent")
    guard watched.count > 1 else {
      watched[0].pipeline.add(to: &agent, now)
      addOwn(to: &agent, now)
      return ([agent.text] + watched[0].pipeline.streamLines(of: nil)).joined(separator: "\n")
    }
    agent.add("monitors", watched.count)
    addOwn(to: &agent, now)
    var lines = [agent.text]
    for one in watched {
      var line = FigureLine("monitor")
      line.add("model", one.model)
      one.pipeline.add(to: &line, now)
      lines.append(line.text)
      lines += one.pipeline.streamLines(of: one.model)
    }
    return lines.joined(separator: "\n")
  }

  /// Adds what is the agent's, and no monitor's.
  private func addOwn(to line: inout FigureLine, _ now: AgentTime) {
    line.add("unacknowledged", unacknowledged)
    if let age = stateAge(now.monotonic) { line.add("state_age", seconds: age) }
  }
}

extension Pipeline {
  /// Adds what was read and what waits.
  fileprivate func add(to line: inout FigureLine, _ now: AgentTime) {
    line.add("lines", tally.lines)
    line.add("bytes", tally.bytes)
    line.add("events", tally.events)
    line.add("outcomes", tally.outcomes)
    line.add("ignored", tally.ignored)
    line.add("waiting", tally.waiting)
    line.add("refused", tally.refusedLines)
    for (reason, count) in tally.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      line.add("refused_\(reason.rawValue)", count)
    }
    if let clock {
      line.add("clock", Timestamp.format(clock))
      line.add("clock_age", seconds: now.wall - clock)
    }
    line.add("on_disk", engine.spilledPredictions)
  }

  /// Where each stream stands, a line each.
  ///
  /// - Parameter model: The model that they are read for; `nil` where there is only one.
  /// - Returns: A line for each.
  fileprivate func streamLines(of model: String?) -> [String] {
    let positions = crew.positions
    return zip(crew.marks, positions).map { mark, position in
      var line = FigureLine("stream")
      if let model { line.add("model", model) }
      line.add("name", mark.name)
      line.add("lines", position.lines)
      line.add("events", position.events)
      if let clock = position.clock { line.add("clock", Timestamp.format(clock)) }
      if mark.tornBytes > 0 { line.add("torn_bytes", mark.tornBytes) }
      return line.text
    }
  }
}

/// A subject, and what is known of it as pairs of names and values.
struct FigureLine {
  private(set) var text: String

  /// Nothing is known yet.
  init(_ subject: String) { text = subject }

  mutating func add(_ name: String, _ value: Int) { add(name, "\(value)") }

  mutating func add(_ name: String, seconds nanoseconds: Int64) {
    add(name, "\(nanoseconds / 1_000_000_000)s")
  }

  /// Adds a value, in quotes where it has spaces, quotes or equals signs, or is empty.
  mutating func add(_ name: String, _ value: String) {
    let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d }
    let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    text += " \(name)=" + (isPlain && !value.isEmpty ? value : "\"\(escaped)\"")
  }
}
