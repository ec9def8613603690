public import Events
public import Monitoring
internal import Records
internal import Specification
public import Standing

/// What was read, as the page says it at its end.
///
/// Its 13 properties are figures of what was read, each a word of the page.
public struct ReplayEnding: Sendable {
  /// Lines, blank ones included.
  public var lines = 0
  /// How many events came twice and what became of them, in words; `nil` where nobody asks.
  public var duplicates: String?
  /// Predictions that were counted.
  public var events = 0
  /// Events that the monitor's `when` does not take.
  public var ignored = 0
  /// Lines that could not be used, by reason.
  public var refused: [Refusal: Int] = [:]
  /// Why lines were refused, with the first place of each reason, in words.
  public var refusals: [String] = []
  /// That so many lines were refused that little can be told, in words; `nil` where few were.
  public var refusalWords: String?
  /// What values look like that are of another type than the reference's, in words by signal.
  public var looks: [String: String] = [:]
  /// The signals that the monitor lists and nobody watches.
  public var unwatched: [String] = []
  /// How many windows of each kind were judged and cut.
  public var windows: [WindowTally] = []
  /// Versions and segments' values beside each other; `nil` where the monitor names none.
  public var parts: TrafficParts?
  /// How outcomes stand; `nil` where the monitor reads none.
  public var outcomes: OutcomeStanding?
  /// Streams that broke, limits that were reached, in words.
  public var notes: [String] = []

  /// Nothing read.
  public init() {}
}

/// Collects what a replay says and writes it as one page of HTML.
///
/// Values in, bytes out: no file, no clock. Memory is bounded, whatever the length of the stream:
/// at most 600,000 cells of the drift map, 512 points a line, 512 quality windows, 64 versions and 64
/// changes of the claim's verdict, 200 alerts with their evidence.
///
/// Its 11 properties are what the page names of the plan, and a collector for each kind of figure on
/// it.
public struct ReplayReport: Sendable {
  let monitor: Monitor
  let profile: Profile
  /// The window whose drift is drawn: the one called `main`, else the first.
  let window: WindowSpecification?
  private(set) var map = DriftMap()
  private(set) var series: [SeriesKey: Series] = [:]
  private(set) var quality: [SeriesKey: QualityRow] = [:]
  private(set) var outcomes: OutcomeHistory
  private(set) var alerts = AlertHistory()
  /// The signal whose count tells the events of a window: the first one.
  private(set) var countedSignal: String?
  private(set) var windows = 0
  private(set) var leadTime: LeadTime

  /// A report on nothing yet.
  public init(_ plan: Plan) {
    self.init(monitor: plan.monitor, profile: plan.profile)
  }

  init(monitor: Monitor, profile: Profile) {
    self.monitor = monitor
    self.profile = profile
    window = monitor.window(named: "main") ?? monitor.windows.first
    outcomes = OutcomeHistory(monitor.quality)
    leadTime = LeadTime(monitor)
  }

  /// Takes over what an earlier process left firing and open; of use before anything is taken in.
  public mutating func resume(_ engine: Engine) {
    alerts.resume(engine)
    leadTime.resume(engine)
  }

  /// Takes in what a round gave; the engine must have been asked for all measurements.
  public mutating func insert(_ output: EngineOutput) {
    windows += output.windows
    for alert in output.alerts {
      alerts.insert(alert)
      leadTime.insert(alert)
    }
    for incident in output.incidents { alerts.insert(incident) }
    for record in output.feedback { outcomes.insert(record) }
    for view in output.measured where !view.isOpen {
      if view.stage != nil, view.segment == nil {
        outcomes.insert(view)
      } else if view.isWhole {
        insert(view)
      }
    }
  }

  private mutating func insert(_ view: MeasuredPart) {
    // The windows of error budgets have names of their own, such as 1h.
    let isBudget = view.measurements.allSatisfy { $0.signal.hasPrefix("slos.") }
    let isMain = view.window == window?.name && !isBudget
    if isMain { map.append(view) }
    for measurement in view.measurements {
      let sample = Series.Sample(value: measurement.value, start: view.start, end: view.end)
      let statistic = measurement.statistic
      if isMain, SeriesKey.isQuality(measurement) { insertQuality(sample, measurement) }
      if isMain, statistic == "count", countedSignal ?? measurement.signal == measurement.signal {
        countedSignal = measurement.signal
      } else if !SeriesKey.isDrawn(measurement, isMain: isMain) {
        continue
      }
      var key = SeriesKey(window: view.window, signal: measurement.signal, statistic: statistic)
      append(sample, to: key)
      if let psi = measurement.value.psi {
        var index = sample
        index.value.value = psi
        key.member = "psi"
        append(index, to: key)
      }
    }
  }

  private mutating func append(_ sample: Series.Sample, to key: SeriesKey) {
    guard sample.value.value.isFinite else { return }
    if series[key]?.append(sample) == nil { series[key] = Series(sample) }
  }

  /// Of what is missing or wrong the worst window, and from the first such window on all of them.
  private mutating func insertQuality(_ sample: Series.Sample, _ measurement: Measurement) {
    let key = SeriesKey(
      window: window?.name ?? "",
      signal: measurement.signal,
      statistic: measurement.statistic
    )
    if quality[key]?.append(sample) == nil, sample.value.value > 0 {
      quality[key] = QualityRow(sample)
    }
  }
}

/// Which number a series is of.
struct SeriesKey: Hashable, Sendable {
  var window: String
  var signal: String
  var statistic: String
  /// Which of a measurement's numbers: `value`, or `low` of drift.
  var member = "value"

  /// Whether a statistic says what is wrong with the data.
  ///
  /// Not of a KPI: one of some events only misses the others by intent.
  static func isQuality(_ measurement: Measurement) -> Bool {
    ["missing", "invalid", "unseen"].contains(measurement.statistic)
      && !measurement.signal.hasPrefix("kpis.")
  }

  /// Whether a measurement is drawn as a line.
  static func isDrawn(_ measurement: Measurement, isMain: Bool) -> Bool {
    let statistic = measurement.statistic
    if measurement.signal.hasPrefix("slos.") { return true }
    guard isMain else { return false }
    if measurement.signal.hasPrefix("kpis.") {
      return ["value", "change_1d", "change_1w"].contains(statistic)
    }
    switch measurement.signal {
    case "score": return ["mean", "p50"].contains(statistic)
    case "decision": return ["mean", "drift"].contains(statistic)
    case "latency": return ["p50", "p99"].contains(statistic)
    case "failure": return statistic == "mean"
    case "events": return statistic == "rate"
    default: return false
    }
  }
}

/// How much of a signal is missing, invalid or unseen, over time.
struct QualityRow: Sendable {
  /// Shares of the window's events.
  private(set) var shares: Series
  /// The window whose share is surely the largest, with the count: one of a few events proves little.
  private(set) var worst: Series.Sample
  /// The share that the worst window proves.
  private(set) var leastWorst: Double
  /// The last window.
  private(set) var last: Series.Sample

  /// The share that the last window proves.
  var leastNow: Double { Self.surest(last) }

  /// The most points of its line.
  static let columnLimit = 256

  init(_ sample: Series.Sample) {
    shares = Series(Self.share(sample), limit: Self.columnLimit)
    worst = sample
    leastWorst = Self.surest(sample)
    last = sample
  }

  /// The least share that the window's events prove, with a confidence of 99.9 %.
  private static func surest(_ sample: Series.Sample) -> Double {
    NotableGap.least(Int(sample.value.value), of: sample.value.n)
  }

  mutating func append(_ sample: Series.Sample) {
    shares.append(Self.share(sample))
    last = sample
    let surest = Self.surest(sample)
    if surest > leastWorst { (worst, leastWorst) = (sample, surest) }
  }

  /// The share of the window's events, where the sample has their number.
  static func share(_ sample: Series.Sample) -> Series.Sample {
    var share = sample
    share.value.value = sample.value.n > 0 ? sample.value.value / Double(sample.value.n) : 0
    return share
  }
}
