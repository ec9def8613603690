internal import Connectors
internal import Events
internal import Expressions
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
    let figures = agentFigures(now)
    var agent = FigureLine("agent")
    guard watched.count > 1 else {
      agent.add(figures.monitors[0].list.merging(figures.own))
      return ([agent.text] + watched[0].pipeline.streamLines(of: nil)).joined(separator: "\n")
    }
    agent.add("monitors", watched.count)
    agent.add(figures.own)
    var lines = [agent.text]
    for (one, known) in zip(watched, figures.monitors) {
      var line = FigureLine("monitor")
      line.add("model", known.model)
      line.add(known.list)
      lines.append(line.text)
      lines += one.pipeline.streamLines(of: one.model)
    }
    return lines.joined(separator: "\n")
  }

  /// The same in numbers.
  func agentFigures(_ now: AgentTime) -> AgentFigures {
    var figures = AgentFigures()
    figures.own.setOwn(unacknowledged, since: startedAt, now)
    figures.own[.stateAge] = stateAge(now.monotonic)
    figures.own[.stateBytes] = stateBytes.map { Int64($0) }
    figures.own.set(withStreams(\.topicFigures))
    figures.monitors = watched.map { ($0.model, $0.pipeline.figures(now)) }
    return figures
  }

  /// Judges the rules on the agent itself, where it is time.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: What began or ended, a sentence each.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func judgeItself(_ now: AgentTime) throws(SessionError) -> [String] {
    guard watch.isDue(now: now.monotonic) else { return [] }
    let figures = agentFigures(now)
    return try say(watch.judge(figures, now))
  }

  /// Judges the agent itself by other rules from now on.
  ///
  /// - Parameters:
  ///   - other: What has the rules, and the name of the agent.
  ///   - now: The clocks.
  /// - Returns: What ended because its rule is gone, a sentence each.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func judgeItself(
    by other: AgentWatch,
    _ now: AgentTime
  ) throws(SessionError) -> [String] {
    try say(watch.goOn(by: other, now))
  }

  /// Ends the alerts of the rules on the agent itself, where nobody goes on with them.
  ///
  /// - Parameter now: The clocks.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func endWatch(_ now: AgentTime) throws(SessionError) {
    guard !goesOn else { return }
    _ = try say(watch.end(now))
  }

  private mutating func say(_ alerts: [Alert]) throws(SessionError) -> [String] {
    guard !alerts.isEmpty else { return [] }
    do {
      try outputs.write(RoundOutput(alerts: alerts))
    } catch {
      throw .stream(error)
    }
    return alerts.compactMap(\.sentence)
  }
}

extension FigureList {
  /// Takes what every process knows of itself.
  mutating func setOwn(_ unacknowledged: Int, since start: Int64, _ now: AgentTime) {
    set(.unacknowledged, unacknowledged)
    self[.memory] = ProcessEnvironment.memory
    self[.uptime] = now.monotonic - start
  }
}

extension Pipeline {
  /// What was read and what waits.
  fileprivate func figures(_ now: AgentTime) -> FigureList {
    var list = FigureList(tally)
    list.set(clock: clock, now)
    list.set(.onDisk, engine.spilledPredictions)
    return list
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
