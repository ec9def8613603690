public import Connectors
internal import Events
internal import Expressions
public import Ingest
public import Monitoring
internal import Records
internal import Specification
internal import Standing

/// What a replay found, in words and tables for a person.
public struct ReplaySummary: Sendable {
  private let monitor: Monitor
  private let profile: Profile
  private let warnings: [String]
  private let unwatched: [String]
  private var history = IncidentHistory(limit: ReplaySummary.incidentLines)
  private var standing = Standing()
  private var leadTime: LeadTime

  /// The most incidents that are printed; the alerts file has all of them.
  static let incidentLines = 40

  /// A summary of nothing yet.
  public init(_ plan: Plan) {
    monitor = plan.monitor
    profile = plan.profile
    warnings = plan.warnings
    unwatched = plan.unwatched
    leadTime = LeadTime(plan.monitor)
  }

  /// Takes over what an earlier process left firing and open; of use before anything is taken in.
  public mutating func resume(_ engine: Engine) {
    standing = Standing(resuming: engine)
    history.resume(engine.openIncidents)
    leadTime.resume(engine)
  }

  /// Takes in what a round gave.
  public mutating func insert(_ output: EngineOutput) {
    standing.insert(output)
    for incident in output.incidents { history.insert(incident) }
    for alert in output.alerts { leadTime.insert(alert) }
  }

  /// The summary as text, its last line ended.
  ///
  /// - Parameters:
  ///   - tally: What was read.
  ///   - engine: Where the engine stands at the end.
  ///   - notes: What `notes` says.
  ///   - looks: What values look like that are of another type, in words by signal.
  /// - Returns: The claim, the verdict, tables, incidents and what was refused.
  public func text(
    _ tally: StreamTally,
    _ engine: Engine,
    notes: [String],
    looks: [String: String] = [:]
  ) -> String {
    var standing = standing
    standing.look(at: engine)
    let outcomes = engine.outcomeStanding
    var lines = Self.claimLines(monitor.framing, outcomes?.claim)
    lines += heading(tally, dropped: engine.droppedRepeats)
    lines += [""] + verdict(engine, tally, looks)
    for window in monitor.windows {
      lines += Self.table(engine.movements.rows.filter { $0.window == window.name }, window.name)
    }
    lines += Self.gapTable(engine.movements.rows, looks)
    lines += WindowTally.words(engine.windowTallies).map { ["", $0] } ?? []
    lines += Self.budgetTable(standing.budgets)
    lines += Self.duplicateLines(engine)
    lines += Self.outcomeLines(outcomes, profile.quality)
    lines += incidentTable()
    lines += leadTime.words.map { ["", $0] } ?? []
    lines += refusedLines(tally)
    lines += notes.isEmpty ? [] : ["", "Notes:"] + notes.map { "  " + $0 }
    return lines.map(visible).joined(separator: "\n") + "\n"
  }

  private func heading(_ tally: StreamTally, dropped: Int) -> [String] {
    [
      "\(monitor.model): \(counted(tally.events - dropped, "prediction")) in "
        + "\(counted(standing.windowsJudged, "window")), "
        + (profile.isAbsent
          ? "without a reference"
          : "against \(grouped(profile.events)) of the reference "
            + "(\(day(profile.start)) to \(day(profile.end)))")
    ] + monitor.reference.sentences
  }

  /// What cannot be told and why, then which signals drifted, in words.
  private func verdict(
    _ engine: Engine,
    _ tally: StreamTally,
    _ looks: [String: String]
  ) -> [String] {
    if tally.events == 0, tally.waiting > 0 {
      return ["Nothing is counted yet: the clock of the streams is not known."]
    }
    guard tally.events > 0 else {
      return ["Nothing was counted: \(tally.nothingCountedWords)."]
    }
    let rows = engine.movements.rows
    let untold = UntoldSignal.all(rows, unwatched: unwatched, looks: looks)
    return Self.untoldLines(untold, tally)
      + Self.driftLines(rows, untold, isAllRead: !tally.isMuchRefused)
  }

  /// One line an incident.
  private func incidentTable() -> [String] {
    guard !monitor.rules.isEmpty || !monitor.silenceRules.isEmpty || !monitor.burnRules.isEmpty
    else {
      return ["", "No rules, so no alerts."]
    }
    guard !history.incidents.isEmpty else { return ["", "Incidents: none, no alert fired."] }
    var table = TextTable(
      ["since", "until", "severity", "alerts", "rules", "what"],
      alignsRight: [false, false, false, true, false, false]
    )
    for incident in history.incidents {
      table.append([
        Timestamp.format(incident.since),
        incident.until.map { Timestamp.format($0) } ?? "open at the end",
        incident.severity,
        incident.alertCount.description,
        Self.rules(of: incident),
        incident.title,
      ])
    }
    let more = history.count - history.incidents.count
    return ["", "Incidents in order of time:"] + table.lines
      + (more > 0 ? ["  and \(more) more: see --alerts"] : [])
  }

  /// The first three rules whose alerts fired.
  private static func rules(of incident: Incident) -> String {
    var names: [String] = []
    for alert in incident.alerts where !names.contains(alert.alert) { names.append(alert.alert) }
    return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }

  private func refusedLines(_ tally: StreamTally) -> [String] {
    var lines = [
      "",
      "Read: \(counted(tally.lines, "line")), \(counted(tally.events, "prediction"))"
        + (tally.outcomes > 0 ? ", \(counted(tally.outcomes, "outcome"))" : "")
        + (tally.ignored > 0 ? ", \(counted(tally.ignored, "other event"))" : "")
        + (tally.refusedLines > 0
          ? ", \(grouped(tally.refusedLines)) refused:" : ", none refused."),
    ]
    for (reason, count) in tally.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      lines.append("  \(reason.rawValue): \(grouped(count))  \(tally.explanation(of: reason))")
    }
    return lines
  }

  /// What else is to be known of a replay.
  ///
  /// - Parameters:
  ///   - engine: Where the engine stands at the end.
  ///   - unprofiledFields: Fields that the profile does not have.
  ///   - tally: What was read.
  ///   - failures: Streams that broke.
  /// - Returns: A sentence each.
  public func notes(
    _ engine: Engine,
    unprofiledFields: [String],
    tally: StreamTally = StreamTally(),
    failures: [StreamError]
  ) -> [String] {
    var notes = warnings + failures.map(\.description)
    if tally.afterEnd > 0 {
      notes.append(
        "\(counted(tally.afterEnd, "prediction")) in no window, because the time is after the end "
          + "of the streams: the clock of some producers is ahead"
      )
    }
    if !unprofiledFields.isEmpty {
      let shown = unprofiledFields.prefix(5).joined(separator: ", ")
      let more = unprofiledFields.count > 5 ? " and \(unprofiledFields.count - 5) more" : ""
      notes.append("fields that the profile does not have, so not watched: \(shown)\(more)")
    }
    if tally.waiting > 0 {
      notes.append(
        "\(counted(tally.waiting, "prediction")) of the streams' last lines wait until later ones "
          + "bear out their time"
      )
    }
    notes += tally.sentences
    for (dimension, panes) in engine.overflowedPanes.sorted(by: { $0.key < $1.key }) {
      notes.append("\(dimension): more values than are kept in \(panes) panes: rest in __other__")
    }
    if let strata = monitor.reference.strata, !engine.unmatchedStrata.isEmpty {
      let names = engine.unmatchedStrata.sorted()
      notes.append(
        "\(strata): no reference of \(names.prefix(5).joined(separator: ", "))"
          + (names.count > 5 ? " and \(names.count - 5) more" : "")
          + ": their events are left out of drift, and show in the drift of \(strata)"
      )
    }
    return notes
  }
}
