import Foundation
import TestSupport
import Testing

/// Error budgets of the payments story against counting every event again.
@Suite struct PaymentBudgetTests {
  /// The objectives that ship, with the same pace and nothing else, so that the metrics stay small.
  static func monitorText() throws -> String {
    let shipped = try text(of: Payments.monitor)
    let from = try #require(shipped.firstRange(of: "\nslos:\n")).lowerBound
    let to = try #require(shipped.firstRange(of: "\nrules:\n")).lowerBound
    for line in ["slide: 5m", "lateness: 1m"] { #expect(shipped.contains("\n\(line)\n")) }
    return """
      model: card-fraud
      events:
        prediction:
          when: payment_id is missing
          time: ts
          latency: {field: latency_ms, unit: ms}
          features: [features.is_foreign]
      windows: {day: {size: 1d}}
      slide: 5m
      lateness: 1m
      """ + shipped[from..<to]
  }

  /// The shares that must be good.
  static let objectives = [
    "slos.availability": 0.999, "slos.fast_enough": 0.99, "slos.complete": 0.99,
  ]
  /// The windows of a period of 30 days in three tiers, and the period, in seconds.
  static let windows = [
    "5m": 300, "30m": 1800, "1h": 3600, "6h": 21_600, "3d": 259_200, "30d": period,
  ]
  static let pane = 300
  static let hour = 3600
  static let period = 2_592_000

  /// Every payment, in order of time, and how many of those before were bad.
  struct Payment {
    /// Milliseconds since 1970.
    private(set) var times: [Int] = []
    /// By objective, one more than events.
    private(set) var bad: [String: [Int]] = [:]

    /// Reads the events with jq, which knows nothing of Leeway.
    init(_ stream: String) throws {
      let program = """
        select(.payment_id == null) |
        [((.ts[:19] + "Z" | fromdate) * 1000 + (("0" + .ts[19:-1] | tonumber) * 1000 | round)),
         (if .status == "ok" then 0 else 1 end),
         (if .latency_ms != null and .latency_ms <= 150 then 0 else 1 end),
         (if .features.device_trust == null then 1 else 0 end)] | @tsv
        """
      let rows = try jq(program, stream).map { row in row.map { Int($0) ?? -1 } }
        .sorted { $0[0] < $1[0] }
      times = rows.map { $0[0] }
      for (column, name) in ["availability", "fast_enough", "complete"].enumerated() {
        var sums = [0]
        for row in rows { sums.append((sums.last ?? 0) + row[column + 1]) }
        bad["slos.\(name)"] = sums
      }
    }

    /// Events, and bad ones, from a time to before another, in seconds since 1970.
    func count(_ objective: String, _ start: Int, _ end: Int) -> (n: Int, bad: Int) {
      let range = firstIndex(from: start * 1000)..<firstIndex(from: end * 1000)
      let sums = bad[objective] ?? []
      return (range.count, sums[range.upperBound] - sums[range.lowerBound])
    }

    private func firstIndex(from time: Int) -> Int {
      var range = 0..<times.count
      while let middle = range.isEmpty ? nil : (range.lowerBound + range.upperBound) / 2 {
        range = times[middle] < time ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return range.lowerBound
    }
  }

  /// What jq makes of a file's lines: rows of columns.
  private static func jq(_ program: String, _ path: String) throws -> [[Substring]] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["jq", "-r", program, path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
  }

  /// A metric record of an objective.
  struct Row {
    var objective: String
    var statistic: String
    var window: String
    var start: Int
    var end: Int
    var value: Double
    var n: Int
    var low: Double?
    var high: Double?

    init?(_ cells: [Substring]) {
      guard cells.count == 9, let start = Int(cells[3]), let end = Int(cells[4]),
        let value = Double(cells[5]), let n = Int(cells[6])
      else { return nil }
      objective = String(cells[0])
      statistic = String(cells[1])
      window = String(cells[2])
      (self.start, self.end, self.value, self.n) = (start, end, value, n)
      low = Double(cells[7])
      high = Double(cells[8])
    }

    static func all(of metrics: String) throws -> [Row] {
      let program = """
        select(.signal | startswith("slos."))
        | [.signal, .statistic, .window, (.start | fromdate), (.end | fromdate), .value, .n, .low,
           .high] | @tsv
        """
      return try jq(program, metrics).map { cells in try #require(Row(cells), "\(cells)") }
    }
  }

  /// The ends of the 95 % Wilson interval of a share.
  ///
  /// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
  /// (1927), with the normal quantile as SciPy's `norm.ppf(0.975)` gives it.
  static func wilson(_ bad: Int, _ n: Int) -> (low: Double, high: Double) {
    let z = 1.959963984540054
    let count = Double(n)
    let share = Double(bad) / count
    let middle = share + z * z / (2 * count)
    let half = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    let scale = 1 + z * z / count
    return (max(0, (middle - half) / scale), min(1, (middle + half) / scale))
  }

  /// What a record should say; `nil` for no record.
  private static func expected(_ row: Row, _ payments: Payment) throws -> Double? {
    let budget = 1 - (try #require(objectives[row.objective]))
    let (n, bad) = payments.count(row.objective, row.start, row.end)
    let burn = Double(bad) / Double(n) / budget
    switch row.statistic {
    case "burn": return burn
    case "good_share": return Double(n - bad) / Double(n)
    case "unjudged_share": return 0
    case "budget_left": return 1 - burn
    case "time_to_exhaustion":
      let recent = payments.count(row.objective, row.end - hour, row.end)
      guard burn < 1 else { return 0 }
      let rate = Double(recent.bad) / Double(recent.n) / budget
      return rate > 0 ? (1 - burn) * Double(period) / rate : nil
    default:
      Issue.record("an unknown statistic: \(row)")
      return nil
    }
  }

  /// Where the window of a length begins that ends at a time.
  ///
  /// docs/statistics.md, "Which events a window covers": of the period of 8,640 panes it may be a
  /// pane earlier than the length says.
  private static func start(of window: String, to end: Int) -> Int {
    let panes = (windows[window] ?? 0) / pane
    let step = (panes + 4319) / 4320
    return (end / pane - panes) / step * step * pane
  }

  private static func isClose(_ got: Double?, _ expected: Double, _ tolerance: Double) -> Bool {
    guard let got else { return false }
    return abs(got - expected) <= tolerance * max(1, abs(expected))
  }

  @Test func `every number of every budget is what counting the events again gives`() throws {
    let shared = try Payments.shared.get()
    let folder = try TemporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder.url) }
    let stream = folder.path("stream")
    try Payments.generate(["--from", Payments.start], to: stream)
    let monitor = try folder.write(Self.monitorText(), as: "monitor.yaml")
    let outcome = try LeewayProcess.run([
      "replay", "-q", "-m", monitor, "--profile", shared.profile, stream, "--metrics",
      folder.path("metrics"),
    ])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let payments = try Payment(stream)
    #expect(payments.times.count > 240_000)

    var seen: Set<String> = []
    var wrong: [String] = []
    for row in try Row.all(of: folder.path("metrics")) {
      let isRecent = row.statistic == "time_to_exhaustion"
      let counted = payments.count(
        row.objective,
        isRecent ? row.end - Self.hour : row.start,
        row.end
      )
      let value = try Self.expected(row, payments)
      let key = "\(row.objective) \(row.statistic) \(row.window) \(row.end)"
      let isRight =
        counted.n == row.n && value.map { Self.isClose(row.value, $0, 1e-12) } ?? false
        && row.start == Self.start(of: row.window, to: row.end) && row.end % Self.pane == 0
        && Self.hasBounds(row, payments) && seen.insert(key).inserted
      if !isRight { wrong.append("\(row), counted \(counted), \(value ?? .nan)") }
    }
    let count = wrong.count
    #expect(count == 0, "\(count) records, such as \(wrong.prefix(3))")
    Self.expectComplete(seen, payments)
    try Self.compare(shared.story.alerts, payments)
  }

  /// Whether the bounds of a record are those of its interval.
  private static func hasBounds(_ row: Row, _ payments: Payment) -> Bool {
    let (n, bad) = payments.count(row.objective, row.start, row.end)
    let interval = wilson(bad, n)
    switch row.statistic {
    case "burn":
      let budget = 1 - (objectives[row.objective] ?? 0)
      return isClose(row.low, interval.low / budget, 1e-9)
        && isClose(row.high, interval.high / budget, 1e-9)
    case "good_share":
      return isClose(row.low, 1 - interval.high, 1e-9) && isClose(row.high, 1 - interval.low, 1e-9)
    default:
      return row.low == nil && row.high == nil
    }
  }

  /// Every evaluation has every record: at each pane's end, of each window that has events.
  private static func expectComplete(_ seen: Set<String>, _ payments: Payment) {
    var missing: [String] = []
    var count = 0
    let expect = { (key: String) in
      count += 1
      if !seen.contains(key) { missing.append(key) }
    }
    let first = (payments.times.first ?? 0) / 1000 / pane
    let last = (payments.times.last ?? 0) / 1000 / pane
    for end in (first...last).map({ ($0 + 1) * pane }) {
      for objective in objectives.keys {
        for (window, length) in windows
        where payments.count(objective, end - length, end).n > 0 {
          expect("\(objective) burn \(window) \(end)")
        }
        for statistic in ["good_share", "unjudged_share", "budget_left"] {
          expect("\(objective) \(statistic) 30d \(end)")
        }
        let all = payments.count(objective, end - period, end)
        let recent = payments.count(objective, end - hour, end)
        let isSpent = Double(all.bad) >= Double(all.n) * (1 - (objectives[objective] ?? 0))
        if recent.n > 0, recent.bad > 0 || isSpent {
          expect("\(objective) time_to_exhaustion 30d \(end)")
        }
      }
    }
    let absent = missing.count
    #expect(absent == 0, "\(absent) records, such as \(missing.prefix(3))")
    #expect(count == seen.count, "\(seen.count) records, not \(count)")
    #expect(count > 100_000)
  }

  /// The numbers that alerts at the shipped rules give as their reason.
  private static func compare(_ alerts: [PaymentAlert], _ payments: Payment) throws {
    let burning = alerts.filter { !$0.burns.isEmpty }
    #expect(burning.count == 8)
    for alert in burning {
      let end = Int(try #require(alert.end).timeIntervalSince1970)
      for burn in alert.burns {
        let length = try #require(windows[burn.window])
        let counted = payments.count(burn.objective, end - length, end)
        let budget = 1 - (try #require(objectives[burn.objective]))
        let rate = Double(counted.bad) / Double(counted.n) / budget
        #expect(burn.n == counted.n && burn.bad == counted.bad, "\(alert.name) \(burn)")
        #expect(isClose(burn.rate, rate, 1e-12), "\(alert.name) \(burn), not \(rate)")
      }
    }
  }
}
