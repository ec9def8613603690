import Foundation
import TestSupport
import Testing

/// K12 and K19: times as programs write them, and the clocks of a place.
@Suite struct ReportedTimeTests {
  private struct Run {
    var profiled: LeewayProcess.Outcome
    var replayed: LeewayProcess.Outcome
  }

  /// Profiles a stream and replays it, with the given keys.
  private func run(
    _ lines: [String],
    time: String = "ts",
    keys: String = "windows: {main: 1h}\nslide: 1h"
  ) throws -> Run {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      """
      model: m
      events:
        prediction: {time: \(time), score: score}
      \(keys)
      """,
      as: "monitor.yaml"
    )
    let stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "stream.jsonl")
    let profile = folder.path("p")
    return Run(
      profiled: try LeewayProcess.run(["profile", "-m", monitor, stream, "-o", profile]),
      replayed: try LeewayProcess.run(["replay", "-m", monitor, "--profile", profile, stream])
    )
  }

  private func lines(_ time: (Int) -> String) -> [String] {
    (0..<300).map { "{\"ts\":\(time($0)),\"score\":0.\($0 % 9 + 1)}" }
  }

  private static let minutes = (0..<300).map { index in
    ("\(index / 60 + 108)".dropFirst(), "\(index % 60 + 100)".dropFirst())
  }

  @Test(arguments: [
    "\"2026-01-31T%h:%m:00.000+0000\"", "\"2026-01-31T%h:%m:00+00\"",
    "\"2026-01-31 %h:%m:00 +0000 UTC\"", "\"2026-01-31 %h:%m:00,000 UTC\"",
    "\"20260131T%h%m00Z\"", "\"2026-01-31T%h:%mZ\"", "\"Sat, 31 Jan 2026 %h:%m:00 GMT\"",
    "\"31/Jan/2026:%h:%m:00 +0000\"", "\"2026-01-31T%h:%m:00Z[UTC]\"",
  ])
  func `an unambiguous time is read without being told`(pattern: String) throws {
    let run = try run(
      lines { index in
        let (hour, minute) = Self.minutes[index]
        return pattern.replacing("%h", with: hour).replacing("%m", with: minute)
      }
    )
    let said = run.replayed.output
    #expect(said.contains("300 predictions, none refused"), "\(said)")
    #expect(said.contains("2026-01-31 08:00 to 2026-01-31 12:59"), "\(said)")
  }

  @Test(arguments: [1, 1_000, 1_000_000, 1_000_000_000])
  func `a number in a text is a time in any unit`(unit: Int) throws {
    let said = try run(lines { "\"\((1_769_846_400 + 60 * $0) * unit)\"" }).replayed.output
    #expect(said.contains("300 predictions, none refused"), "\(said)")
    #expect(said.contains("2026-01-31 08:00 to 2026-01-31 12:59"), "\(said)")
  }

  @Test func `a time without a zone is refused with its field and the line that mends it`() throws {
    let naive = lines { "\"2026-01-31T\(Self.minutes[$0].0):\(Self.minutes[$0].1):00.653159\"" }
    let refused = try run(naive).profiled
    #expect(refused.code == 1)
    #expect(refused.errors.contains("time_without_zone, ts: "), "\(refused.errors)")
    #expect(refused.errors.contains("add `zone: UTC`"), "\(refused.errors)")
    for (time, zone) in [("ts", "zone: Europe/Berlin"), ("{field: ts, zone: Europe/Berlin}", "")] {
      let said = try run(
        naive,
        time: time,
        keys: "windows: {main: 1h}\nslide: 1h\n\(zone)"
      ).replayed.output
      #expect(said.contains("300 predictions, none refused"), "\(said)")
      #expect(said.contains("2026-01-31 07:00 to 2026-01-31 11:59"), "\(said)")
    }
  }

  @Test func `another form has a format`() throws {
    let said = try run(
      lines { "\"31.01.2026 \(Self.minutes[$0].0):\(Self.minutes[$0].1)\"" },
      time: "{field: ts, format: \"%d.%m.%Y %H:%M\", zone: UTC}"
    ).replayed.output
    #expect(said.contains("300 predictions, none refused"), "\(said)")
  }

  @Test(arguments: ["0", "20484", "\"20484\"", "3600.5"])
  func `a small number is a finding and no time since 1970`(number: String) throws {
    let outcome = try run(lines { _ in number }).profiled
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("time_implausible, ts: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("a day's number"), "\(outcome.errors)")
  }

  @Test func `a zone that nobody has is an error that names the package`() throws {
    let outcome = try run(lines { _ in "1" }, keys: "zone: Europe/Berlim").profiled
    #expect(outcome.code == 1)
    for words in ["zone: no time zone \"Europe/Berlim\"", "tzdata"] {
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let path = try run(lines { _ in "1" }, keys: "zone: ../../etc/passwd").profiled
    #expect(path.errors.contains("the name of a time zone"), "\(path.errors)")
  }

  // MARK: The clocks of a place

  /// Four weeks of a shop that opens at nine by the clocks of Berlin, which are put back on the
  /// third Sunday; each event's time is written in UTC.
  private static func shop(from day: Int, days: Int) -> [String] {
    // 2026-10-05T00:00:00Z, a Monday.
    let start = 1_791_158_400
    return (day * 1_440..<(day + days) * 1_440).map { minute in
      let time = start + 60 * minute
      let offset = time < 1_792_890_000 ? 7_200 : 3_600
      let hour = (time + offset) / 3_600 % 24
      let isOpen = (9..<18).contains(hour)
      let score = Double(minute * 7 % 30) / 100 + (isOpen ? 0.6 : 0)
      return "{\"ts\":\(time),\"score\":\(score)}"
    }
  }

  private func replay(
    _ zone: String,
    profiledIn other: String? = nil,
    options: [String] = []
  ) throws -> LeewayProcess.Outcome {
    let folder = try TemporaryFolder()
    func monitor(_ zone: String) throws -> String {
      try folder.write(
        """
        model: m
        \(zone)
        events:
          prediction: {time: ts, score: score}
        reference: {profile: p, same_hour: 2w}
        windows: {main: 1h, day: {calendar: day}}
        slide: 1h
        rules:
          - {alert: Drift, expr: drift(*) > 0.1, window: main}
          - {alert: Change, expr: "abs(change(mean(score), 1d)) > 20%", window: main}
        """,
        as: "monitor.yaml"
      )
    }
    let before = try folder.write(
      Self.shop(from: 0, days: 14).joined(separator: "\n") + "\n",
      as: "ref"
    )
    let after = try folder.write(
      Self.shop(from: 14, days: 14).joined(separator: "\n") + "\n",
      as: "today"
    )
    let profile = folder.path("p")
    _ = try LeewayProcess.run(
      ["profile", "-q", "-m", monitor(other ?? zone), before, "-o", profile]
    )
    return try LeewayProcess.run(
      ["replay", "-m", monitor(zone), after] + options
    )
  }

  @Test func `when the clocks change nothing else does, in a zone`() throws {
    let plain = try replay("")
    #expect(plain.output.contains("Drift: 1 of 1 signals"), "\(plain.output)")
    let zoned = try replay("zone: Europe/Berlin")
    #expect(zoned.output.contains("No drift"), "\(zoned.output)")
    #expect(zoned.output.contains("Incidents: none"), "\(zoned.output)")
  }

  @Test func `a zone gives the same words for any threads and batches`() throws {
    let words = try replay("zone: Europe/Berlin").output
    for options in [["--batch", "7"], ["--threads", "2", "--batch", "64"]] {
      #expect(try replay("zone: Europe/Berlin", options: options).output == words)
    }
  }

  @Test func `a profile of another zone is refused`() throws {
    let outcome = try replay("zone: Europe/Berlin", profiledIn: "")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("profile again"), "\(outcome.errors)")
  }

  @Test(
    .enabled(if: ReportedCase.folder != nil),
    arguments: [
      "naive-isoformat", "epoch-in-a-string", "offset-without-colon",
    ]
  )
  func `init reads the times of the cases`(name: String) throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k12-\(name)", in: folder).said
    #expect(said.contains("rc=0"), "\(said)")
    #expect(said.contains("zone: UTC, a guess") == (name == "naive-isoformat"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `init takes no decimal comma apart`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k15-decimal-comma", in: folder).said
    #expect(said.contains("decimal: comma"), "\(said)")
    #expect(!said.contains("amount.0"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `shops that open by their clocks do not drift when these change`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k19-dst-same-hour", in: folder) { copy in
      let path = copy.path("monitor.yaml")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      _ = try copy.write("zone: Europe/Berlin\n" + text, as: "monitor.yaml")
    }.said
    #expect(said.contains("No drift") && said.contains("Incidents: none"), "\(said)")
  }
}
