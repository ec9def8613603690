import Events
import Records
import TestSupport
import Testing
import YAML

@testable import Monitoring
@testable import Report
@testable import Specification

/// A made-up replay: hourly windows of some signals, with latency, an SLO, KPIs and alerts.
struct SyntheticReplay {
  var report: ReplayReport
  var movements: [Movement] = []
  var ending = ReplayEnding()
  /// Every verdict that was handed in, by signal and window.
  var verdicts: [String: [StatisticValue]] = [:]

  static let hour: Int64 = 3_600_000_000_000
  /// 2025-01-01T00:00:00Z.
  static let start: Int64 = 1_735_689_600_000_000_000

  /// How signals move.
  enum Weather {
    /// A small index, nothing sure; one signal drifts for a while.
    case calm
    /// Every cell another number of five digits.
    case wild
  }

  init(signals: Int, windows: Int, weather: Weather, seed: UInt64 = 7) throws {
    let text = """
      model: payments
      events:
        prediction: {id: id, time: at, version: v, score: score, features: [amount]}
        outcome: {when: label is not missing, id: id, time: at, label: label}
      quality: {task: binary, threshold: 0.5, window: 1d, horizon: 2d}
      feedback: {consent: "true", relabel: {budget: 100/d}}
      framing:
        claim: {measure: accuracy, at_least: 90%, over: 30d}
        cost: {false_positive: 25, false_negative: 400, unit: EUR}
      baselines: {small: amount < 10}
      windows: {main: 1h}
      slide: 1h
      rules:
        - {alert: Drift, expr: drift(*) > 0.1}
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "payments.yaml", environment: [:])
    let monitor = try #require(loaded.monitor, "\(loaded.diagnostics)")
    let profile = Profile(
      model: "payments",
      start: Self.start - 720 * Self.hour,
      end: Self.start - 1,
      events: 864_000,
      segments: [],
      signals: []
    )
    report = ReplayReport(monitor: monitor, profile: profile)
    var random = SeededGenerator(seed: seed)
    let names = (0..<signals).map { $0 == 0 ? "score" : "features.signal_\($0)" }
    movements = names.map {
      Movement(signal: $0, window: "main", tolerance: 0.1, confidence: 0.99)
    }
    for index in 0..<windows {
      let end = Self.start + Int64(index + 1) * Self.hour
      var output = EngineOutput()
      output.windows = 1
      var measurements: [Measurement] = []
      for (row, name) in names.enumerated() {
        let isOdd = row == 1 && index > windows / 3 && index < windows / 2
        let drift = Self.verdict(weather, isOdd: isOdd, &random)
        verdicts[name, default: []].append(drift)
        insert(drift, row, end: end)
        let count = StatisticValue(value: 1200, n: 1200)
        var missing = count
        missing.value = row % 5 == 1 ? Double(random.next() % 40) : 0
        measurements += [
          Measurement(signal: name, statistic: "count", value: count),
          Measurement(signal: name, statistic: "missing", value: missing),
          Measurement(signal: name, statistic: "drift", value: drift),
        ]
      }
      measurements += Self.others(index, &random)
      output.append([Self.view("main", end: end, hours: 1, measurements)])
      output.append(Self.budget(index, windows, end: end))
      if index % 24 == 23 { output.append(Self.quality(end: end)) }
      output.notices = notices(index, windows, end: end)
      report.insert(output)
    }
    insertOutcomes(windows)
    ending.lines = windows * 1200 + 40
    ending.events = windows * 1200
    ending.refused = [.syntax: 30, .late: 10]
    ending.notes = ["fields that the profile does not have, so not watched: features.<new>"]
  }

  /// The page.
  func page() -> [UInt8] { report.page(movements, ending) }

  static func view(
    _ window: String,
    end: Int64,
    hours: Int64,
    _ measurements: [Measurement]
  ) -> MeasuredPart {
    MeasuredPart(
      model: "payments",
      window: window,
      start: end - hours * hour,
      end: end,
      version: nil,
      segment: nil,
      isCut: false,
      measurements: measurements
    )
  }

  private static func verdict(
    _ weather: Weather,
    isOdd: Bool,
    _ random: inout SeededGenerator
  ) -> StatisticValue {
    let noise = Double(random.next() % 100_000) / 100_000
    var (psi, low) = (0.04 * noise, 0.0)
    if isOdd {
      psi = 0.3 + 0.2 * noise
      low = psi - 0.08
    }
    if weather == .wild {
      psi = 60 * noise
      low = psi * Double(random.next() % 1000) / 1000
    }
    return StatisticValue(value: low, psi: psi, n: 1200, referenceN: 864_000)
  }

  private mutating func insert(_ drift: StatisticValue, _ row: Int, end: Int64) {
    movements[row].judged += 1
    let low = drift.driftBound
    movements[row].isDriftedNow = low > 0.1
    if low > 0.1 {
      movements[row].drifted += 1
      movements[row].firstDrift = movements[row].firstDrift ?? end - Self.hour
    }
    let known = movements[row].surest?.drift
    guard known.map({ ($0.driftBound, $0.psi ?? 0) < (low, drift.psi ?? 0) }) ?? true else {
      return
    }
    let bins = (0..<10).map { bin in
      Evidence.BinShares(
        bin: bin == 0 ? "≤ 10" : "(\(bin)0, \(bin + 1)0]",
        reference: 0.1,
        window: bin == 9 ? 0.325 : 0.075
      )
    }
    movements[row].surest = Movement.Comparison(
      drift: drift,
      start: end - Self.hour,
      end: end,
      histogram: bins,
      moved: [bins[9]],
      unseen: []
    )
  }

  private static func others(_ index: Int, _ random: inout SeededGenerator) -> [Measurement] {
    let noise = Double(random.next() % 1000) / 1000
    let season = Double(index % 24) / 24
    func measured(_ signal: String, _ statistic: String, _ value: Double) -> Measurement {
      Measurement(
        signal: signal,
        statistic: statistic,
        value: StatisticValue(value: value, n: 1200)
      )
    }
    return [
      measured("score", "mean", 0.1 + 0.02 * season + 0.01 * noise),
      measured("score", "p50", 0.08 + 0.02 * season),
      measured("latency", "p50", 0.021 + 0.004 * noise),
      measured("latency", "p99", index % 97 > 90 ? 0.48 : 0.12 + 0.03 * noise),
      measured("failure", "mean", 0.002 * noise),
      measured("events", "rate", 1200 / 3600 + 3 * season),
      measured("kpis.approved_value", "value", 82_000 + 30_000 * season + 4_000 * noise),
      measured("kpis.approved_value", "change_1d", 0.04 * (noise - 0.5)),
      measured("kpis.approval_rate", "value", 0.94 + 0.01 * noise),
    ]
  }

  private static func budget(_ index: Int, _ windows: Int, end: Int64) -> [MeasuredPart] {
    func measured(_ statistic: String, _ value: Double) -> Measurement {
      Measurement(
        signal: "slos.availability",
        statistic: statistic,
        value: StatisticValue(value: value, n: 30_000)
      )
    }
    let burn = index % 97 > 90 ? 9.0 : 0.6
    return [
      view("1h", end: end, hours: 1, [measured("burn", burn)]),
      view("3d", end: end, hours: 72, [measured("burn", 0.9)]),
      view(
        "30d",
        end: end,
        hours: 720,
        [
          measured("burn", 0.7), measured("good_share", 0.9993),
          measured("budget_left", 1 - 1.2 * Double(index) / Double(windows)),
        ]
      ),
    ]
  }

  private func notices(_ index: Int, _ windows: Int, end: Int64) -> [Notice] {
    let (fired, resolved) = (windows / 3 + 2, windows / 2)
    guard index == fired || index == resolved else { return [] }
    let alert = Self.alert(
      index == fired ? .firing : .resolved,
      startsAt: Self.start + Int64(fired + 1) * Self.hour,
      time: end
    )
    let incident = Self.incident(
      "00c0ffee00c0ffee",
      since: alert.startsAt,
      until: index == fired ? nil : end,
      time: end
    )
    return [.alert(alert), .incident(incident)]
  }

  /// An incident of one alert that opens, or closes where it has an end.
  static func incident(
    _ id: String,
    since: Int64,
    until: Int64? = nil,
    time: Int64? = nil
  ) -> Incident {
    Incident(
      id: id,
      state: until == nil ? .opened : .closed,
      time: time ?? since,
      model: "payments",
      title: "Drift of features.signal_1",
      cause: .drift,
      severity: "critical",
      since: since,
      until: until,
      alerts: [],
      alertCount: 1,
      withheld: [],
      withheldCount: 0
    )
  }

  static func alert(_ state: AlertState.Phase, startsAt: Int64, time: Int64) -> Alert {
    let evidence = Evidence(
      statistic: "drift",
      value: 0.33,
      psi: 0.41,
      low: nil,
      high: nil,
      pValue: 1e-9,
      threshold: 0.1,
      confidence: 0.99,
      n: 1200,
      referenceN: 864_000,
      window: "main",
      start: time - hour,
      end: time,
      since: startsAt,
      histogram: [],
      moved: [Evidence.BinShares(bin: "> 90", reference: 0.1, window: 0.325)],
      unseen: []
    )
    let labels = [
      "alertname": "Drift", "model": "payments", "severity": "critical",
      "signal": "features.signal_1", "window": "main",
    ]
    return Alert(
      name: "Drift",
      state: state,
      fingerprint: "24c3120a10f7717f",
      group: "c4472629f3af4855",
      labels: labels,
      annotations: ["summary": "features.signal_1: PSI 0.41"],
      startsAt: startsAt,
      time: time,
      incident: "00c0ffee00c0ffee",
      evidence: evidence
    )
  }
}
