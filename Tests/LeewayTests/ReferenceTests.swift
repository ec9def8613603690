import Foundation
import TestSupport
import Testing

/// A stream with a daily season, synthetic, against the references that a monitor can name.
@Suite struct ReferenceTests {
  /// Two weeks of reference; two more, plain or with a new mix of channels from the eleventh day.
  struct Seasons {
    let folder: TemporaryFolder
    let reference: String
    let still: String
    let mixed: String

    static let shared = Result { try Seasons() }
    /// Monday, 1 January 2024.
    static let start = 1_704_067_200
    static let day = 86_400

    private init() throws {
      folder = try TemporaryFolder()
      reference = try folder.write(Self.stream(seed: 1, day: 0), as: "reference.ndjson")
      still = try folder.write(Self.stream(seed: 2, day: 14), as: "still.ndjson")
      mixed = try folder.write(Self.stream(seed: 3, day: 14, mixFrom: 24), as: "mixed.ndjson")
    }

    private static func stream(seed: UInt64, day first: Int, mixFrom: Int = 1_000) -> String {
      var random = SeededGenerator(seed: seed)
      let uniform = { () -> Double in Double(random.next() >> 11) * 0x1p-53 }
      var lines = ""
      for hour in first * 24..<(first + 14) * 24 {
        let season = sin(2 * .pi * Double(hour % 24 - 6) / 24)
        let count = Int(50 * (1 + 0.5 * season) * (hour / 24 % 7 < 5 ? 1 : 0.7))
        for index in 0..<count {
          let limits = hour < mixFrom * 24 ? [0.6, 0.9] : [0.2, 0.6]
          let draw = uniform()
          let channel = limits.count { draw >= $0 }
          let noise = uniform() + uniform() + uniform() - 1.5
          let amount = exp(3 + Double(channel) + 0.8 * season + noise)
          let time = start + hour * 3600 + index * 3600 / count
          lines +=
            "{\"ts\":\(time),\"version\":\"\(index % 2)\",\"score\":\(min(1, amount / 2000)),"
          lines += "\"features\":{\"amount\":\(amount),\"noise\":\(uniform()),"
          lines += "\"channel\":\"\(["web", "app", "branch"][channel])\"}}\n"
        }
      }
      return lines
    }

    /// Writes a monitor with a reference.
    func monitor(_ reference: String, _ name: String) throws -> String {
      try folder.write(
        """
        model: seasons
        events:
          prediction:
            time: ts
            version: version
            score: score
            features: features.*
            segments: [features.channel]
        reference: {profile: \(name).profile\(reference)}
        windows: {main: {size: 6h, slide: 1h}}
        lateness: 5m
        rules:
          - alert: Drift
            expr: drift(*) > 0.1
            annotations: {summary: "{{ signal }} against {{ reference }}"}
        """,
        as: name
      )
    }

    /// Profiles and replays; the alerts' lines and the metrics' bytes.
    func replay(
      _ streams: [String],
      _ reference: String,
      _ name: String,
      _ options: [String] = [],
      wantsMetrics: Bool = true
    ) throws -> (alerts: [[String: Any]], alertBytes: String, metricBytes: String) {
      let monitor = try monitor(reference, name)
      let profiled = try LeewayProcess.run(
        [
          "profile", "-q", "--force", "-m", monitor, self.reference, "-o",
          folder.path("\(name).profile"),
        ]
      )
      #expect(profiled.code == 0, "\(profiled.errors)")
      let (alerts, metrics) = (folder.path("\(name).alerts"), folder.path("\(name).metrics"))
      let outcome = try LeewayProcess.run(
        ["replay", "-q", "-m", monitor, "--alerts", alerts] + streams + options
          + (wantsMetrics ? ["--metrics", metrics] : [])
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      let bytes = try text(of: alerts)
      let records = try bytes.split(separator: "\n").map { line in
        try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        )
      }
      let fired = records.filter {
        $0["type"] as? String == "alert" && $0["state"] as? String == "firing"
      }
      return (fired, bytes, wantsMetrics ? try text(of: metrics) : "")
    }
  }

  private static func label(_ alert: [String: Any], _ name: String) -> String? {
    (alert["labels"] as? [String: Any])?[name] as? String
  }

  private static func compared(_ alert: [String: Any]) -> String? {
    (alert["evidence"] as? [String: Any])?["reference"] as? String
  }

  @Test func `a season is drift from a plain profile and none from the same hours`() throws {
    let seasons = try Seasons.shared.get()
    let plain = try seasons.replay([seasons.still], "", "plain", wantsMetrics: false)
    let signals = Set(plain.alerts.map { Self.label($0, "signal") })
    #expect(signals == ["features.amount", "score"])
    #expect(plain.alerts.count > 20)
    #expect(plain.alerts.allSatisfy { Self.compared($0) == "plain.profile" })
    let same = try seasons.replay([seasons.still], ", same_hour: 1w", "same", wantsMetrics: false)
    #expect(same.alerts.isEmpty, "\(same.alertBytes.prefix(2000))")
  }

  @Test func `a shift of the mix is one alert that says so`() throws {
    let seasons = try Seasons.shared.get()
    let reference = ", same_hour: 1w, strata: features.channel"
    let mixed = try seasons.replay([seasons.mixed], reference, "strata", wantsMetrics: false)
    // Among few events of a night it may cease and fire again: it is the same alert.
    let prints = Set(mixed.alerts.map { $0["fingerprint"] as? String })
    #expect(prints.count == 1, "\(mixed.alertBytes.prefix(2000))")
    let alert = try #require(mixed.alerts.first)
    #expect(Self.label(alert, "signal") == "features.channel")
    #expect(Self.label(alert, "cause") == "mix")
    #expect(Self.compared(alert) == "the same hours of the last 7d")
    let annotations = alert["annotations"] as? [String: String]
    #expect(annotations?["summary"] == "features.channel against the same hours of the last 7d")
    let without = try seasons.replay(
      [seasons.mixed],
      ", same_hour: 1w",
      "without",
      wantsMetrics: false
    )
    let signals = Set(without.alerts.map { Self.label($0, "signal") })
    #expect(signals == ["features.amount", "features.channel", "score"])
    #expect(without.alerts.allSatisfy { Self.label($0, "cause") == nil })
  }

  @Test func `the mix explains what psi sees`() throws {
    let seasons = try Seasons.shared.get()
    let replay = try seasons.replay([seasons.mixed], ", strata: features.channel", "explained")
    var values: [String: Double] = [:]
    for line in replay.metricBytes.split(separator: "\n") where line.contains("\"segment\":null") {
      guard line.contains("\"signal\":\"features.amount\""), line.contains("\"version\":null"),
        line.contains("\"end\":\"2024-01-27T18:00:00Z\"")
      else { continue }
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      )
      let name = try #require(record["statistic"] as? String)
      values[name] = record[name == "drift" ? "psi" : "value"] as? Double
    }
    let (psi, within) = (try #require(values["psi"]), try #require(values["within"]))
    #expect(values["drift"] == within)
    #expect(try #require(values["mix"]) > 0.1)
    #expect(psi > within)
  }

  @Test(arguments: [
    ["--threads", "3"], ["--batch", "7"], ["--threads", "2", "--batch", "4096"],
  ])
  func `threads and batches change no byte`(options: [String]) throws {
    let seasons = try Seasons.shared.get()
    let name = "order-" + options.joined()
    let reference = ", same_hour: 1w, strata: features.channel"
    let lines = try text(of: seasons.mixed).split(separator: "\n").prefix(11_000)
    let stream = try seasons.folder.write(
      lines.joined(separator: "\n") + "\n",
      as: name + ".ndjson"
    )
    let one = try seasons.replay([stream], reference, name, ["--threads", "1"])
    let other = try seasons.replay([stream], reference, name, options)
    #expect(one.metricBytes.contains("\"statistic\":\"within\""))
    #expect(one.alertBytes == other.alertBytes)
    #expect(one.metricBytes == other.metricBytes)
  }

  @Test func `the order of events within the lateness changes no byte`() throws {
    let seasons = try Seasons.shared.get()
    let reference = ", rolling: 2d, strata: features.channel"
    let lines = try text(of: seasons.mixed).split(separator: "\n").prefix(5_000)
    var random = SeededGenerator(seed: 9)
    var shuffled: [Substring] = []
    // Four minutes are at most nine events here.
    for start in stride(from: lines.startIndex, to: lines.endIndex, by: 4) {
      shuffled += lines[start..<min(start + 4, lines.endIndex)].shuffled(using: &random)
    }
    let ordered = try seasons.folder.write(
      lines.joined(separator: "\n") + "\n",
      as: "ordered.ndjson"
    )
    let mixed = try seasons.folder.write(
      shuffled.joined(separator: "\n") + "\n",
      as: "shuffled.ndjson"
    )
    let one = try seasons.replay([ordered], reference, "rolling")
    let other = try seasons.replay([mixed], reference, "rolling")
    #expect(one.metricBytes == other.metricBytes)
    #expect(one.alertBytes == other.alertBytes)
    // Two days and a window's six hours without comparison, then comparisons.
    let compared = one.metricBytes.split(separator: "\n").filter { $0.contains("\"drift\"") }
    #expect(compared.first?.contains("\"start\":\"2024-01-17T00:00:00Z\"") == true)
  }

  @Test func `a pipe cannot be profiled by the hour`() throws {
    let seasons = try Seasons.shared.get()
    let monitor = try seasons.monitor(", same_hour: 2w", "piped")
    let outcome = try LeewayProcess.run(
      ["profile", "-m", monitor, "-", "-o", seasons.folder.path("none")],
      input: .pipe
    )
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("second pass"), "\(outcome.errors)")
  }

  @Test func `an old profile is refused with what to do`() throws {
    let seasons = try Seasons.shared.get()
    let plain = try seasons.monitor("", "old")
    let profile = seasons.folder.path("old.profile")
    _ = try LeewayProcess.run(["profile", "-q", "-m", plain, seasons.reference, "-o", profile])
    let monitor = try seasons.monitor(", same_hour: 2w", "newer")
    let outcome = try LeewayProcess.run(
      ["replay", "-m", monitor, "--profile", profile, seasons.still]
    )
    #expect(outcome.code != 0)
    #expect(outcome.errors.contains("has no hours of the week"), "\(outcome.errors)")
  }

  @Test func `inspect shows the hours`() throws {
    let seasons = try Seasons.shared.get()
    _ = try seasons.replay([seasons.still], ", same_hour: 1w", "inspected", wantsMetrics: false)
    let path = seasons.folder.path("inspected.profile")
    let table = try LeewayProcess.run(["inspect", path])
    #expect(table.output.contains("hours of the week: 168 of 168 with predictions"))
    let json = try LeewayProcess.run(["inspect", "--json", path])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    )
    let hours = try #require(object["events_by_hour"] as? [Int])
    #expect(hours.count == 168)
    #expect(hours.reduce(0, +) == object["events"] as? Int)
  }
}
