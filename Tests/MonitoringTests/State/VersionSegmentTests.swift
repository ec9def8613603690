import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// A monitor whose segments are by the field of the version: two dimensions of one field.
@Suite struct VersionSegmentTests {
  private static let text = """
    model: m
    events:
      prediction:
        {when: kind == "p", id: id, time: ts, version: version, score: s, segments: [version]}
      outcome: {when: kind == "o", id: id, time: ts, label: y}
    reference: {profile: p}
    quality: {task: binary, window: 1h, horizon: 30m, threshold: 0.5}
    windows: {main: 1h}
    """

  /// Predictions of three versions for five hours, each with its outcome ten minutes later.
  private static func lines(_ random: inout SeededGenerator) -> [String] {
    var events: [(second: Int, line: String)] = []
    for index in 0..<600 {
      let second = JoinStream.start + 30 * index
      let version = ["a", "b", "c"][random.below(3)]
      let score = random.uniform()
      events.append(
        (
          second,
          "{\"kind\":\"p\",\"id\":\(index),\"ts\":\(second),\"version\":\"\(version)\",\"s\":\(score)}"
        )
      )
      let label = random.uniform() < score ? 1 : 0
      events.append(
        (second + 600, "{\"kind\":\"o\",\"id\":\(index),\"ts\":\(second + 600),\"y\":\(label)}")
      )
    }
    return events.sorted { $0.second < $1.second }.map(\.line)
  }

  @Test func `predictions that wait in a state keep their segment`() throws {
    var random = SeededGenerator(seed: 3)
    let monitor = try monitor(Self.text)
    let plan = try Plan(monitor: monitor, profile: profile(Self.lines(&random), monitor).profile)
    let lines = Self.lines(&random)
    var whole = Feeding(plan)
    try whole.run(lines, chunk: 90, cuts: false)
    var cut = Feeding(plan)
    try cut.run(lines, chunk: 90, cuts: true)
    let isSame = cut.output.metricRecords == whole.output.metricRecords
    #expect(isSame, "a cut of the state changes records")
    let parts = Set(whole.output.measured.filter { $0.stage != nil }.compactMap(\.segment))
    #expect(parts == ["version=a", "version=b", "version=c"])
  }
}
