import Events
import Foundation
import Testing
import YAML

@testable import Specification

/// `zone`, `format`, and numbers in texts.
@Suite struct TimeFormTests {
  private static func load(
    _ prediction: String,
    _ keys: String = ""
  ) -> (monitor: Monitor?, words: String) {
    let text = "model: m\nevents: {prediction: {\(prediction)}}\n\(keys)\n"
    let files = MonitorFiles(
      { _ in .failure(MonitorFiles.Unreadable(reason: "no files")) },
      zone: { name in
        guard let file = try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")) else {
          return .failure(MonitorFiles.Unreadable(reason: "no such file"))
        }
        return .success(Array(file))
      }
    )
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(text.utf8),
      file: "m.yaml",
      environment: [:],
      files: files
    )
    return (monitor, diagnostics.map { "\($0)" }.joined(separator: "\n"))
  }

  @Test func `the monitor's zone is that of its times, unless one has its own`() throws {
    let (monitor, words) = Self.load(
      "time: ts, score: s, feature_times: [a, {field: b, zone: UTC}]",
      "zone: Europe/Berlin"
    )
    let read = try #require(monitor, "\(words)")
    #expect(read.zone?.name == "Europe/Berlin")
    #expect(read.prediction.timeForm.zone?.name == "Europe/Berlin")
    #expect(read.prediction.featureTimes.map { $0.form.zone?.name } == ["Europe/Berlin", "UTC"])
  }

  @Test func `UTC is the zone of times alone, and the monitor's days are as without one`() throws {
    let read = try #require(Self.load("time: ts, score: s", "zone: UTC").monitor)
    #expect(read.zone == nil && read.prediction.timeForm.zone == .utc)
    let plain = try #require(Self.load("time: ts, score: s").monitor)
    #expect(plain.zone == nil && plain.prediction.timeForm.zone == nil)
    #expect(!plain.isStrict)
    #expect(try #require(Self.load("time: ts, score: s", "strict: true").monitor).isStrict)
  }

  @Test(arguments: [
    ("time: ts, score: s", "zone: Europe/Berlim", "install the package tzdata"),
    ("time: ts, score: s", "zone: ../../../etc/passwd", "the name of a time zone"),
    ("time: ts, score: s", "zone: zone.tab", "the name of a time zone"),
    ("time: ts, score: s", "zone: leapseconds", "no file of the tz database"),
    ("time: {field: ts, zone: CEST}, score: s", "", "no time zone \"CEST\""),
    ("time: {field: ts, format: '%Q'}, score: s", "", "got %Q"),
    ("time: {field: ts, format: '%d.%m.%Y'}, score: s", "", "add %H"),
    (
      "time: ts, score: s", "zone: Asia/Kolkata\nwindows: {d: {calendar: day}}\nslide: 1h",
      "write a shorter slide"
    ),
    ("time: ts, score: {field: s, decimal: comma}", "", "add from: text"),
    ("time: ts, score: {field: s, from: number}", "", "from"),
    ("time: ts, features: [{field: a, type: category, from: text}]", "", "write type: number"),
  ])
  func `a mistake says what to write`(prediction: String, keys: String, words: String) {
    let (monitor, found) = Self.load(prediction, keys)
    #expect(monitor == nil)
    #expect(found.contains(words), "\(found)")
  }

  @Test func `numbers in texts are known by their fields`() throws {
    let (monitor, words) = Self.load(
      "time: ts, score: {field: s, from: text}, latency: {field: l, unit: ms, from: text}, "
        + "features: [{field: 'f.*', from: text, decimal: comma}, {field: f.b, from: text}, c]"
    )
    let numbers = try #require(monitor, "\(words)").prediction.textNumbers
    #expect(numbers.mark(of: FieldPath(["s"])) == .dot)
    #expect(numbers.mark(of: FieldPath(["l"])) == .dot)
    #expect(numbers.mark(of: FieldPath(["f", "a"])) == .comma)
    #expect(numbers.mark(of: FieldPath(["f", "b"])) == .dot)
    #expect(numbers.mark(of: FieldPath(["c"])) == nil)
  }
}
