import Foundation
import Testing

/// One metric record.
struct Metric {
  var start: String
  var segment: String
  var signal: String
  var statistic: String
  var value: Double
  var psi: Double?
  var low: Double?
  var high: Double?
  var pValue: Double?
}

/// The metric records of one window, whole and by segment, without those by version.
struct MetricTable {
  private var metrics: [String: Metric] = [:]
  /// The windows' starts in order.
  private(set) var starts: [String] = []

  /// Reads the records of a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - window: The window's name.
  ///   - statistic: The only statistic that is of interest; `nil` for all.
  /// - Throws: What reading or parsing throws.
  init(path: String, window: String, statistic: String? = nil) throws {
    var seen: Set<String> = []
    // Most lines are of no interest: a look at the bytes is much cheaper than reading the JSON.
    let wanted =
      ["\"window\":\"\(window)\""] + (statistic.map { ["\"statistic\":\"\($0)\""] } ?? [])
    let data = try Data(contentsOf: URL(filePath: path))
    for line in data.split(separator: 0x0a)
    where wanted.allSatisfy({ line.range(of: Data($0.utf8)) != nil }) {
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
      guard object["window"] as? String == window, object["version"] is NSNull else { continue }
      let metric = Metric(
        start: object["start"] as? String ?? "",
        segment: object["segment"] as? String ?? "",
        signal: object["signal"] as? String ?? "",
        statistic: object["statistic"] as? String ?? "",
        value: (object["value"] as? NSNumber)?.doubleValue ?? .nan,
        psi: (object["psi"] as? NSNumber)?.doubleValue,
        low: (object["low"] as? NSNumber)?.doubleValue,
        high: (object["high"] as? NSNumber)?.doubleValue,
        pValue: (object["p_value"] as? NSNumber)?.doubleValue
      )
      if seen.insert(metric.start).inserted { starts.append(metric.start) }
      let key = Self.key(metric.start, metric.segment, metric.signal, metric.statistic)
      #expect(metrics[key] == nil, "two records of \(key)")
      metrics[key] = metric
    }
    starts.sort()
  }

  var count: Int { metrics.count }

  func metric(_ start: String, _ segment: String, _ signal: String, _ statistic: String) -> Metric?
  {
    metrics[Self.key(start, segment, signal, statistic)]
  }

  private static func key(_ parts: String...) -> String { parts.joined(separator: "|") }
}

/// A value that an independent program computed of a window.
struct ExpectedValue {
  var window: String
  var segment: String
  var signal: String
  var statistic: String
  var value: Double
  var psi: Double?

  /// The rows of a table of `fixtures/expected`.
  static func table(_ name: String) throws -> [ExpectedValue] {
    let data = try Repository.unpacked(Repository.path("fixtures/expected/\(name)"))
    var rows = String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let columns = rows.removeFirst()
    return rows.map { row in
      let cell = { (name: Substring) in
        columns.firstIndex(of: name).map { String(row[$0]) } ?? ""
      }
      return ExpectedValue(
        window: columns.contains("chunk") ? cell("chunk") : cell("window_start"),
        segment: cell("segment"),
        signal: cell("signal"),
        statistic: cell("statistic"),
        value: Double(cell("value")) ?? .nan
      )
    }
  }

  /// The statistic of the metric that reports the value; `nil` for what is not reported by itself.
  private var reported: String? {
    switch statistic {
    case "drift_low", "drift_p": "drift"
    case "chi2_p": "chi2"
    case "ks_p": "ks"
    case "chi2_df", "reference_n": nil
    default: statistic
    }
  }

  /// Compares the value with what was reported, each statistic as exactly as it is promised.
  ///
  /// - Returns: Whether there was something to compare.
  func check(against table: MetricTable, start: String, segment: String) -> Bool {
    guard let reported, value.isFinite else { return false }
    let place = "\(window) \(segment) \(signal) \(statistic)"
    guard let metric = table.metric(start, segment, signal, reported) else {
      Issue.record("nothing reported: \(place)")
      return false
    }
    let got =
      switch statistic {
      case "drift_low": metric.value
      case "drift": metric.psi ?? .nan
      case "drift_p", "chi2_p": metric.pValue ?? .nan
      default: metric.value
      }
    #expect(isClose(got, metric), "\(place): expected \(value), got \(got)")
    return true
  }

  private func isClose(_ got: Double, _ metric: Metric) -> Bool {
    switch statistic {
    case "count", "missing", "unseen", "invalid":
      got == value
    case "ks":
      (metric.low ?? 2) - 1e-12 <= value && value <= (metric.high ?? -1) + 1e-12
        && abs(got - value) <= 0.005
    case "ks_p":
      // Of the lower bound, so never smaller than that of the distance itself.
      (metric.pValue ?? -1) >= value - 1e-12
    case "p50", "p90", "p95", "p99":
      (metric.low ?? .infinity) <= value && value <= (metric.high ?? -.infinity)
    case "wasserstein":
      abs(got - value) <= 0.01 * abs(value)
    case "mean", "std", "min", "max":
      abs(got - value) <= 1e-12 * max(1, abs(value))
    case "distinct":
      abs(got - value) <= 3 * 0.0325 * value + 1
    case "chi2":
      abs(got - value) <= 1e-9 * max(1, value)
    default:
      abs(got - value) <= 1e-9
    }
  }
}
