internal import Events
internal import Records

/// Why bytes are no snapshot.
public enum SnapshotError: Error, Equatable, CustomStringConvertible {
  /// The first line is not the head of a snapshot.
  case notASnapshot
  /// It is of another format than this version reads.
  case format(Int)
  /// A record is not as it should be; lines count from 1.
  case record(line: Int)
  /// Not as many records as the head says.
  case incomplete(expected: Int, found: Int)

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .notASnapshot: "not a snapshot of leeway run --snapshot"
    case .format(let format):
      "a snapshot of format \(format): this version reads \(Snapshot.format)"
    case .record(let line): "line \(line) is not a record of a snapshot"
    case .incomplete(let expected, let found): "\(found) of \(expected) records: not complete"
    }
  }
}

extension Snapshot {
  /// Reads what `bytes` wrote.
  ///
  /// Strict: every line is a record of a snapshot with all members of the right types, and there
  /// are as many as the head says. Members that it does not know are ignored. Never traps.
  ///
  /// - Parameter bytes: The file.
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(bytes).
  public init(decoding bytes: [UInt8]) throws(SnapshotError) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let head = lines.first.flatMap({ FlatRecord($0) }), head.type == "snapshot" else {
      throw .notASnapshot
    }
    guard let format = head.count("format") else { throw .record(line: 1) }
    guard format == Self.format else { throw .format(format) }
    guard let expected = head.count("records"), let snapshot = Snapshot(head: head) else {
      throw .record(line: 1)
    }
    self = snapshot
    // What stands behind the last newline is no line: nothing, or a record that was cut.
    let records = lines.dropFirst().dropLast()
    guard records.count == expected, lines.last?.isEmpty == true else {
      throw .incomplete(expected: expected, found: records.count)
    }
    for (index, line) in records.enumerated() {
      guard let record = FlatRecord(line), insert(record) else { throw .record(line: index + 2) }
    }
  }

  private init?(head: FlatRecord) {
    guard let model = head.text("model"), let reference = head.text("reference"),
      let state = head.text("state"), ["running", "ended"].contains(state),
      let events = head.count("events"), let ignored = head.count("ignored"),
      let refused = head.count("refused"), let windows = head.count("windows"),
      let alerts = head.count("alerts"), let incidents = head.count("incidents"),
      let parts = head.count("parts"),
      head.isNull("clock") || head.time("clock") != nil
    else { return nil }
    self.init(model: model, reference: reference)
    hasEnded = state == "ended"
    clock = head.time("clock")
    self.events = events
    self.ignored = ignored
    self.refused = refused
    windowsJudged = windows
    alertCount = alerts
    incidentCount = incidents
    partCount = parts
    untold = head.text("cannot_be_told")
  }

  /// Takes in a record; says whether it is as it should be.
  private mutating func insert(_ record: FlatRecord) -> Bool {
    switch record.type {
    case "metric": insertMetric(record)
    case "comparison": insertComparison(record)
    case "compared_bin": insertBin(record)
    case "open_incident": insertIncident(record)
    case "standing": insertAlert(record)
    case "part": insertPart(record)
    default: false
    }
  }

  private mutating func insertMetric(_ record: FlatRecord) -> Bool {
    guard let window = record.text("window"), let start = record.time("start"),
      let end = record.time("end"), let signal = record.text("signal"),
      let statistic = record.text("statistic"), let value = record.number("value"),
      let n = record.count("n"), record.isNull("version"), record.isNull("segment")
    else { return false }
    let statisticValue = StatisticValue(
      value: value,
      psi: record.number("psi"),
      low: record.number("low"),
      high: record.number("high"),
      pValue: record.number("p_value"),
      n: n,
      referenceN: record.count("reference_n")
    )
    append(
      MeasuredPart(
        model: model,
        window: window,
        start: start,
        end: end,
        stage: QualityStage(record),
        measurements: [Measurement(signal: signal, statistic: statistic, value: statisticValue)]
      )
    )
    return true
  }

  private mutating func insertComparison(_ record: FlatRecord) -> Bool {
    guard let window = record.text("window"), let signal = record.text("signal"),
      let tolerance = record.number("tolerance"), let confidence = record.number("confidence")
    else { return false }
    comparisons.append(
      Comparison(
        window: window,
        signal: signal,
        tolerance: tolerance,
        confidence: confidence,
        bins: [],
        untold: record.text("cannot_be_told")
      )
    )
    return true
  }

  /// A bin belongs to the comparison before it.
  private mutating func insertBin(_ record: FlatRecord) -> Bool {
    guard let last = comparisons.indices.last,
      record.text("window") == comparisons[last].window,
      record.text("signal") == comparisons[last].signal, let bin = record.text("bin"),
      let reference = record.number("reference_share"), let window = record.number("window_share")
    else { return false }
    comparisons[last].bins.append(
      Evidence.BinShares(bin: bin, reference: reference, window: window)
    )
    return true
  }

  private mutating func insertIncident(_ record: FlatRecord) -> Bool {
    guard let id = record.text("incident"), let title = record.text("title"),
      let severity = record.text("severity"), let since = record.time("since"),
      let alerts = record.count("alerts"), let withheld = record.count("withheld")
    else { return false }
    incidents.append(
      OpenIncident(
        id: id,
        title: title,
        severity: severity,
        since: since,
        alerts: alerts,
        withheld: withheld
      )
    )
    return true
  }

  private mutating func insertAlert(_ record: FlatRecord) -> Bool {
    guard let alert = record.text("alert"), let fingerprint = record.text("fingerprint"),
      let severity = record.text("severity"), let since = record.time("since")
    else { return false }
    alerts.append(
      StandingAlertLine(
        alert: alert,
        fingerprint: fingerprint,
        severity: severity,
        signal: record.text("signal"),
        version: record.text("version"),
        segment: record.text("segment"),
        since: since,
        summary: record.text("summary")
      )
    )
    return true
  }
}

extension QualityStage {
  /// That of a record of a quality window; `nil` of others.
  fileprivate init?(_ record: FlatRecord) {
    guard let time = record.time("time"), let maturity = record.number("maturity"),
      let revision = record.count("revision"), let isFinal = record.truth("final")
    else { return nil }
    self.init(time: time, maturity: maturity, revision: revision, isFinal: isFinal)
  }
}
