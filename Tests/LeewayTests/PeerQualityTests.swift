import Foundation
import TestSupport
import Testing

/// Realised and estimated quality of two public data sets, through the whole product, against
/// scikit-learn 1.9.1 and NannyML 0.13.1.
///
/// The peers cut the files into chunks of so many rows: here a row is a second, and a window as many
/// seconds. The streams are large and are not in the repository: the tests run where they are present.
@Suite(
  .enabled(if: Repository.sharedStreams != nil, "the streams of ../shared/data are not here")
) struct PeerQualityTests {
  private static let start = 1_600_000_000

  /// The rows of a file with a second each, and a kind.
  private static func lines(_ path: String, kind: String, from start: Int) throws -> String {
    var second = start
    var lines = ""
    let file = String(decoding: try Repository.unpacked(path), as: UTF8.self)
    for line in file.split(separator: "\n") {
      let parts = line.split(separator: ",", maxSplits: 2)
      lines += "\(parts[0]),\"ts\":\(second),\"kind\":\"\(kind)\",\(parts[2])\n"
      second += 1
    }
    return lines
  }

  private struct Key: Hashable {
    var signal: String
    var chunk: Int
    var statistic: String
  }

  /// The last figures of each chunk, and what a rule said of them.
  private struct Measured {
    var figures: [Key: Double] = [:]
    /// The chunks in which the rule held.
    var alarms: Set<Int> = []
    /// The last chunk of which there are figures.
    var last: Int { figures.keys.map(\.chunk).max() ?? 0 }
  }

  /// Replays the analysis, or another part.
  ///
  /// - Parameters:
  ///   - name: The data set.
  ///   - size: How many rows a chunk has.
  ///   - part: What is replayed against the reference.
  ///   - rule: What is asked of each chunk.
  /// - Returns: The figures, and the chunks in which the rule held.
  /// - Throws: What goes wrong with files and processes.
  private func measure(
    _ name: String,
    size: Int,
    part: String = "analysis",
    rule: String? = nil
  ) throws -> Measured {
    let streams = try #require(Repository.sharedStreams)
    let folder = try TemporaryFolder()
    let first = Self.start / size * size
    let begin = ["reference": first, "analysis": first + 1_000 * size]
    let start = try #require(begin[part])
    var paths: [String: [String]] = [:]
    for (split, second) in begin {
      for (kind, part) in [("p", "events"), ("o", "labels")] {
        let path = streams.appending(path: "\(name).\(split).\(part).ndjson.gz").path
        paths[split, default: []].append(
          try folder.write(
            try Self.lines(path, kind: kind, from: second),
            as: "\(split).\(part)"
          )
        )
      }
    }
    let monitor = try folder.write(
      """
      model: \(name)
      events:
        prediction:
          when: kind == "p"
          id: id
          time: ts
          score: score
          decision: prediction
        outcome: {when: kind == "o", id: id, time: ts, label: label}
      quality: {window: \(size)s, slide: \(size)s, horizon: \(size)s}
      windows: {main: \(size)s}
      slide: \(size)s
      \(rule.map { "rules:\n  - {alert: Alarm, bound: none, expr: \"\($0)\"}" } ?? "")
      """,
      as: "monitor.yaml"
    )
    let (profile, metrics) = (folder.path("profile"), folder.path("metrics"))
    let alerts = folder.path("alerts")
    let profiled = try LeewayProcess.run(
      ["profile", "-m", monitor, "-o", profile, "-q"] + (paths["reference"] ?? [])
    )
    #expect(profiled.code == 0, "\(profiled.errors)")
    let replayed = try LeewayProcess.run(
      ["replay", "-m", monitor, "--profile", profile, "--metrics", metrics, "--threads", "2"]
        + ["--metrics-window", "quality", "--alerts", alerts] + (paths[part] ?? [])
    )
    #expect(replayed.code == 0, "\(replayed.errors)")
    var measured = Measured()
    let dates = ISO8601DateFormatter()
    for line in try text(of: metrics).utf8.split(separator: 0x0a) {
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      let time = try #require(dates.date(from: record["start"] as? String ?? ""))
      let second = Int(time.timeIntervalSince1970) - start
      let key = Key(
        signal: try #require(record["signal"] as? String),
        chunk: second / size,
        statistic: try #require(record["statistic"] as? String)
      )
      measured.figures[key] = record["value"] as? Double
    }
    measured.alarms = try Self.alarms(in: alerts, start: start, size: size, last: measured.last)
    return measured
  }

  /// The chunks in which a rule held.
  ///
  /// Windows are judged one after the other: from the one that raised the alert on all that did not end
  /// it.
  private static func alarms(
    in alerts: String,
    start: Int,
    size: Int,
    last: Int
  ) throws -> Set<Int> {
    let dates = ISO8601DateFormatter()
    var alarms: Set<Int> = []
    var raised: Int?
    for line in try text(of: alerts).utf8.split(separator: 0x0a) {
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      guard record["type"] as? String == "alert" else { continue }
      let evidence = try #require(record["evidence"] as? [String: Any])
      let time = try #require(dates.date(from: evidence["start"] as? String ?? ""))
      let chunk = (Int(time.timeIntervalSince1970) - start) / size
      if record["state"] as? String == "firing" {
        raised = chunk
      } else if let first = raised {
        alarms.formUnion(first..<chunk)
        raised = nil
      }
    }
    if let raised { alarms.formUnion(raised...last) }
    return alarms
  }

  private func rows(
    _ table: String,
    _ name: String,
    size: Int,
    part: String = "analysis"
  ) throws -> [[String: String]] {
    let folder = try #require(Repository.sharedStreams).deletingLastPathComponent()
    let lines = try text(of: folder.appending(path: "golden/\(table)").path).split(separator: "\n")
    let columns = lines[0].split(separator: ",").map(String.init)
    return lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(columns, cells))
    }.filter {
      $0["dataset"] == name && $0["chunking"] == "size\(size)" && $0["split"] == part
    }
  }

  @Test(arguments: [("car-loan", 5000), ("california-housing", 1000)])
  func `quality is scikit-learn's, and its estimate NannyML's`(_ name: String, _ size: Int) throws {
    let figures = try measure(name, size: size).figures
    let columns = [
      ("count", "n_labelled"), ("accuracy", "accuracy"), ("precision", "precision"),
      ("recall", "recall"), ("specificity", "specificity"), ("f1", "f1"), ("roc_auc", "roc_auc"),
      ("average_precision", "average_precision"), ("brier", "brier"), ("log_loss", "log_loss"),
      ("ece", "ece10_left_closed"),
    ]
    var compared = 0
    for row in try rows("sklearn_performance.csv", name, size: size) {
      let chunk = try #require(Int(row["chunk_index"] ?? ""))
      guard chunk >= 0 else { continue }
      for (statistic, column) in columns {
        let key = Key(signal: "quality", chunk: chunk, statistic: statistic)
        guard let wanted = Double(row[column] ?? "") else {
          #expect(figures[key] == nil, "\(key)")
          continue
        }
        guard let got = figures[key] else {
          // scikit-learn calls the precision of no positive decision 0.
          #expect(wanted == 0 && statistic == "precision", "\(key)")
          continue
        }
        #expect(abs(got - wanted) < (statistic == "roc_auc" ? 1e-6 : 1e-9), "\(key)")
        compared += 1
      }
    }
    for row in try rows("nannyml_cbpe.csv", name, size: size) {
      let statistic = try #require(row["column"])
      guard
        ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy"].contains(statistic),
        let wanted = Double(row["value"] ?? "")
      else { continue }
      let key = Key(
        signal: "estimate",
        chunk: try #require(Int(row["chunk_index"] ?? "")),
        statistic: statistic
      )
      guard let got = figures[key] else {
        #expect(wanted == 0 && statistic == "precision", "\(key)")
        continue
      }
      // NannyML rounds its scores to 5 digits for the area, and ignores ties.
      #expect(abs(got - wanted) < (statistic == "roc_auc" ? 1e-6 : 1e-9), "\(key)")
      compared += 1
    }
    #expect(compared > 100)
  }

  @Test(arguments: [
    ("car-loan", 5000, Set(5...9)), ("california-housing", 1000, Set([1, 2])),
  ])
  func `the estimated area leaves NannyML's thresholds in its chunks and in no other`(
    _ name: String,
    _ size: Int,
    _ outside: Set<Int>
  ) throws {
    // NannyML's thresholds: three standard deviations about the mean of what came true in the
    // reference's chunks, cut to the measure's range.
    let reference = try measure(name, size: size, part: "reference").figures
    let areas = reference.filter { $0.key.signal == "quality" && $0.key.statistic == "roc_auc" }
      .map(\.value)
    #expect(areas.count == (name == "car-loan" ? 10 : 6))
    let mean = areas.reduce(0, +) / Double(areas.count)
    let squares = areas.map { ($0 - mean) * ($0 - mean) }
    let deviation = (squares.reduce(0, +) / Double(areas.count)).squareRoot()
    let (low, high) = (max(0, mean - 3 * deviation), min(1, mean + 3 * deviation))
    let golden = try rows("nannyml_cbpe.csv", name, size: size).filter { $0["column"] == "roc_auc" }
    for row in golden {
      #expect(abs(low - (Double(row["lower_threshold"] ?? "") ?? 9)) < 1e-6)
      #expect(abs(high - (Double(row["upper_threshold"] ?? "") ?? 9)) < 1e-6)
    }
    let alarms = golden.filter { $0["alert"] == "True" }.compactMap { Int($0["chunk_index"] ?? "") }
    #expect(Set(alarms) == outside)
    let measured = try measure(
      name,
      size: size,
      rule: "roc_auc(estimate) < \(low) or roc_auc(estimate) > \(high)"
    )
    #expect(measured.alarms == outside)
  }
}
