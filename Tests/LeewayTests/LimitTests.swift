import Foundation
import TestSupport
import Testing

/// More distinct values than there is room for: bounded, named and counted.
@Suite struct LimitTests {
  @Test func `endless new values stay within the limits, with a bucket, a note and a count`() throws
  {
    let small = try SmallModel.shared.get()
    let folder = try TemporaryFolder()
    let count = 150_000
    var text = ""
    for index in 0..<count {
      text += "{\"ts\":\(1_700_000_000 + index / 100),\"score\":0.5,\"color\":\"c\(index)\","
      text += "\"group\":\"n\(index)\",\"version\":\"v\(index)\"}\n"
    }
    let monitor = try folder.write(
      SmallModel.monitorText.replacing("when: kind != \"click\"", with: "id: id"),
      as: "monitor.yaml"
    )
    let stream = try folder.write(text, as: "stream")
    let metrics = folder.path("metrics")
    let outcome = try LeewayProcess.run([
      "replay", "-m", monitor, "--profile", small.profile, stream, "--metrics", metrics,
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    for dimension in ["group", "version"] {
      let notes = outcome.errors.split(separator: "\n").filter {
        $0.contains("\(dimension): more values than are kept")
      }
      #expect(notes.count == 1, "\(outcome.errors)")
    }
    var segments: [String: Set<String>] = [:]
    var versions: [String: Set<String>] = [:]
    var events: [String: [String: Int]] = [:]
    for line in try LeewayTests.text(of: metrics).utf8.split(separator: 0x0a) {
      guard line.firstRange(of: Array("\"statistic\":\"count\"".utf8)) != nil,
        let metric = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        metric["signal"] as? String == "color",
        let start = metric["start"] as? String,
        let value = metric["value"] as? Int
      else { continue }
      let segment = metric["segment"] as? String
      let version = metric["version"] as? String
      if let segment { segments[start, default: []].insert(segment) }
      if let version { versions[start, default: []].insert(version) }
      let part = segment.map { _ in "segments" } ?? version.map { _ in "versions" } ?? "whole"
      events[start, default: [:]][part, default: 0] += value
    }
    #expect(segments.count > 2)
    for start in segments.keys {
      #expect(segments[start]?.contains("group=__other__") == true)
      #expect((segments[start]?.count ?? 0) <= 34, "\(start): \(segments[start] ?? [])")
      #expect(versions[start]?.contains("__other__") == true)
      #expect((versions[start]?.count ?? 0) <= 18, "\(start): \(versions[start] ?? [])")
      // What is not counted on its own is counted in the bucket.
      #expect(events[start]?["segments"] == events[start]?["whole"])
      #expect(events[start]?["versions"] == events[start]?["whole"])
    }
    let table = try MetricTable(path: metrics, window: "hour")
    let last = try #require(table.starts.last)
    let whole = try #require(table.metric(last, "", "color", "count"))
    #expect(table.metric(last, "", "color", "unseen")?.value == whole.value)
    let distinct = try #require(table.metric(last, "", "color", "distinct")).value
    // The unseen values' record of 64 hashes has a standard error of one eighth.
    #expect(abs(distinct - whole.value) < 4.0 / 8 * whole.value, "\(distinct) of \(whole.value)")
  }
}
