import Events
import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Days, weeks and months by the clocks of a place.
@Suite struct ZonedWindowTests {
  private static let hour: Int64 = 3_600_000_000_000

  private static func file(_ zone: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(zone)")))
  }

  // St. John's put its clocks back from 00:01 to 23:01; Apia had no 30 December 2011; Juneau had
  // 18 October 1867 twice; in Monrovia midnight was at 00:44:30 of UTC until 1972.
  @Test(
    arguments: [
      "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "America/Juneau", "Africa/Monrovia",
      "Australia/Lord_Howe", "America/Havana",
    ],
    CalendarUnit.allCases
  )
  func `each time has a boundary behind it and one before it, and none between`(
    name: String,
    unit: CalendarUnit
  ) throws {
    let zone = try CivilZone(name: name, file: Self.file(name))
    let calendar = CivilCalendar(zone: zone)
    var random = SeededGenerator(seed: 7)
    // From 1867 to 2060, and around the nights in which St. John's clocks were put back.
    var times = (0..<2_000).map { _ in
      Int64.random(in: -3_250_000_000...2_840_000_000, using: &random) * 1_000_000_000
    }
    times += (0..<96).map { 1_289_087_940_000_000_000 + ($0 - 48) * Self.hour / 4 }
    for time in times {
      let next = calendar.boundary(after: time, unit: unit)
      let last = calendar.boundary(atOrBefore: time, unit: unit)
      #expect(last <= time && time < next, "\(name) at \(time)")
      #expect(calendar.boundary(atOrBefore: next - 1, unit: unit) == last, "\(name) at \(time)")
      #expect(calendar.boundary(after: last, unit: unit) == next, "\(name) at \(time)")
    }
  }

  @Test(arguments: CalendarUnit.allCases)
  func `windows go on where midnight is within a pane`(unit: CalendarUnit) throws {
    let zone = try CivilZone(name: "Africa/Monrovia", file: Self.file("Africa/Monrovia"))
    let window = WindowSpecification(name: "w", kind: .calendar(unit))
    let geometry = WindowGeometry(window, panes: .time(width: Self.hour), zone: zone)
    for pane in -50_000..<50_000 where pane % 37 == 0 {
      let boundary = geometry.boundary(after: pane)
      #expect(boundary > pane, "\(pane)")
      #expect(geometry.start(of: boundary) <= pane, "\(pane)")
      #expect(geometry.boundary(after: geometry.start(of: boundary)) == boundary, "\(pane)")
    }
  }

  @Test(arguments: [
    "windows: {d: {calendar: day}}",
    "windows: {d: {calendar: day}, long: {size: 2d, slide: 1d}}",
    "windows: {d: {calendar: day}}\nslide: 1h",
  ])
  func `days of a place begin with its own, whatever other windows there are`(
    keys: String
  ) throws {
    let text = """
      model: m
      zone: Europe/Berlin
      events: {prediction: {time: t, features: [x]}}
      \(keys)
      """
    let berlin = try Self.file("Europe/Berlin")
    let loaded = Monitor.load(
      bytes: Array(text.utf8),
      file: "m.yaml",
      environment: [:],
      files: MonitorFiles(
        { _ in .failure(MonitorFiles.Unreadable(reason: "no files")) },
        zone: { _ in .success(berlin) }
      )
    )
    let monitor = try #require(loaded.monitor, "\(loaded.diagnostics)")
    let lines = (0..<96).map { "{\"t\":\"2026-01-\(10 + $0 / 24)T00:00:00Z\",\"x\":\($0 % 7)}" }
    let reference = try profile(lines, monitor).profile
    var feeding = Feeding(try Plan(monitor: monitor, profile: reference))
    try feeding.run(lines, chunk: 10, cuts: false)
    let days = Set(feeding.output.measured.filter { $0.window == "d" }.map(\.start)).sorted()
    #expect(
      days.map { Timestamp.format($0) }
        == (9...12).map { "2026-01-\($0 < 10 ? "0" : "")\($0)T23:00:00Z" }
    )
  }
}
