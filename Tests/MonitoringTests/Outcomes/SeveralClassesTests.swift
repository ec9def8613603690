import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Decisions among several classes.
@Suite struct SeveralClassesTests {
  private static let names = ["ant", "bee", "cat", "dog"]

  private func plan(
    prediction: String = "decision: d\n    scores: {ant: p.0, bee: p.1, cat: p.2, dog: p.3}",
    quality: String = "{window: 1h, horizon: 30m}",
    more: String = "",
    profile: Profile? = nil
  ) throws -> Plan {
    try Plan(
      monitor: monitor(
        """
        model: kinds
        events:
          prediction:
            when: kind == "p"
            id: id
            time: ts
            version: v
            \(prediction)
          outcome: {when: kind == "o", id: id, time: ts, label: y}
        quality: \(quality)
        windows: {main: 1h}
        \(more)
        """
      ),
      profile: profile
    )
  }

  /// A prediction, and its outcome five minutes later.
  private struct Row {
    var decision: String
    var outcome: String
    var scores: [Double]
    var version: String?
  }

  private func lines(_ rows: [Row]) -> [String] {
    var events: [(Double, String)] = []
    for (index, row) in rows.enumerated() {
      let minute = Double(index) / 4
      let version = row.version.map { ",\"v\":\"\($0)\"" } ?? ""
      let line = JoinStream.prediction("p\(index)", minute).dropLast()
        .replacing("\"d\":1", with: "\"d\":\"\(row.decision)\"")
      events.append((minute, line + ",\"p\":\(row.scores)\(version)}"))
      events.append(
        (minute + 5, JoinStream.outcome("p\(index)", minute + 5, "\"\(row.outcome)\""))
      )
    }
    // A later outcome, with which all of the first hour is known for good.
    let last = Double(max(110, rows.count / 4 + 10))
    events.append((last, JoinStream.prediction("z", last)))
    events.append((last + 1, JoinStream.outcome("z", last + 1, "\"ant\"")))
    let ticks = JoinStream.ticks(Int(last) + 10..<Int(last) + 20)
    return events.sorted { $0.0 < $1.0 }.map(\.1) + ticks
  }

  private func run(_ plan: Plan, _ lines: [String], cuts: Bool = false) throws -> EngineOutput {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: 50, cuts: cuts)
    return feeding.output
  }

  /// All of the traffic of the first hour, as it was judged last.
  private func firstHour(_ output: EngineOutput) -> MeasuredPart? {
    let start = Int64(JoinStream.start) * 1_000_000_000
    return output.measured.last { $0.stage?.isFinal == true && $0.isWhole && $0.start == start }
  }

  private func values(_ output: EngineOutput) throws -> [String: StatisticValue] {
    let part = try #require(firstHour(output))
    return Dictionary(
      part.measurements.map { ("\($0.statistic)(\($0.signal))", $0.value) }
    ) { one, _ in one }
  }

  /// The numbers of scikit-learn 1.9.1, by `fixtures/golden/quality.py`.
  private func goldens() throws -> [String: Double] {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let table = root.appending(path: "fixtures/golden/statistics/quality.csv")
    var numbers: [String: Double] = [:]
    for line in try String(contentsOf: table, encoding: .utf8).split(separator: "\n") {
      let cells = line.split(separator: ",")
      if cells.count == 2 { numbers[String(cells[0])] = Double(cells[1]) }
    }
    return numbers
  }

  /// The predictions of the golden numbers.
  private func goldenRows() -> [Row] {
    func fraction(_ step: Double, _ place: Int) -> Double {
      let value = step * Double(place + 1)
      return value - value.rounded(.down)
    }
    return (0..<120).map { place in
      let (a, b) = (fraction(0.6180339887498949, place), fraction(0.7548776662466927, place))
      let third = fraction(0.5698402909980532, place)
      let outcome = a < 0.5 ? 0 : a < 0.85 ? 1 : 2
      let decision = b < 0.6 ? min(outcome, 1) : b < 0.8 ? 0 : 1
      let weights = [a + 0.1, b + 0.1, third + 0.1, 0.05]
      let sum = weights.reduce(0, +)
      return Row(
        decision: Self.names[decision],
        outcome: Self.names[outcome],
        scores: weights.map { $0 / sum }
      )
    }
  }

  private func randomRows(_ count: Int, seed: UInt64) -> [Row] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let outcome = random.below(4)
      let decision = random.uniform() < 0.7 ? outcome : random.below(4)
      let weights = (0..<4).map { Double($0 == decision ? 6 : 1) + random.uniform() }
      let sum = weights.reduce(0, +)
      return Row(
        decision: Self.names[decision],
        outcome: Self.names[outcome],
        scores: weights.map { $0 / sum },
        version: random.below(2) == 0 ? "1" : "2"
      )
    }
  }

  @Test func `measures through the engine are scikit-learn's`() throws {
    let (values, goldens) = (try values(run(plan(), lines(goldenRows()))), try goldens())
    let pairs = [
      "accuracy(quality)": "accuracy", "macro_f1(quality)": "macro_f1",
      "log_loss(quality)": "log_loss", "recall(classes.ant)": "recall_0",
      "recall(classes.bee)": "recall_1", "recall(classes.cat)": "recall_2",
      "precision(classes.ant)": "precision_0", "precision(classes.bee)": "precision_1",
    ]
    for (name, golden) in pairs {
      let value = try #require(values[name]?.value, "\(name)")
      #expect(abs(value - (try #require(goldens[golden]))) < 1e-12, "\(name)")
    }
    #expect(values["precision(classes.cat)"] == nil && values["recall(classes.dog)"] == nil)
    #expect(values["count(classes.ant)"]?.value == 60 && values["count(quality)"]?.value == 120)
    #expect(values["true_positives(classes.ant)"]?.value == 48)
    #expect((values["accuracy(quality)"]?.low ?? 2) < 0.66 && values["macro_f1(quality)"] != nil)
    #expect(values["count(classes.__other__)"] == nil && values["agreement(quality)"] == nil)
  }

  @Test func `what is not listed is one class, and it is told of where it occurs`() throws {
    var rows = goldenRows()
    rows[0].outcome = "wolf"
    rows[1].decision = "fox"
    rows[2].decision = "fox"
    rows[2].outcome = "wolf"
    let listed = "{horizon: 30m, window: 1h, classes: [ant, bee, cat, dog]}"
    let plan = try plan(prediction: "decision: d", quality: listed)
    let values = try values(run(plan, lines(rows)))
    #expect(values["count(classes.__other__)"]?.value == 2)
    #expect(values["true_positives(classes.__other__)"]?.value == 1)
    #expect(values["false_positives(classes.__other__)"]?.value == 1)
    #expect(values["log_loss(quality)"] == nil)
  }

  @Test
  func `without a decision the class with the greatest score is decided, of equals the first`()
    throws
  {
    let rows = [
      Row(decision: "-", outcome: "cat", scores: [0.2, 0.1, 0.4, 0.3]),
      Row(decision: "-", outcome: "bee", scores: [0.1, 0.4, 0.1, 0.4]),
    ]
    let plan = try plan(prediction: "scores: {ant: p.0, bee: p.1, cat: p.2, dog: p.3}")
    let values = try values(run(plan, lines(rows)))
    #expect(values["accuracy(quality)"]?.value == 1)
    let loss = try #require(values["log_loss(quality)"]?.value)
    #expect(abs(loss + Foundation.log(0.4)) < 1e-12)
  }

  @Test func `neither shuffles nor a cut of the state change a byte`() throws {
    let (lines, plan) = (lines(randomRows(360, seed: 21)), try plan())
    let whole = try run(plan, lines).metricRecords
    #expect(try run(plan, lines, cuts: true).metricRecords == whole)
    var random = SeededGenerator(seed: 4)
    let shuffled = stride(from: 0, to: lines.count, by: 4).flatMap {
      lines[$0..<min(lines.count, $0 + 4)].shuffled(using: &random)
    }
    #expect(try run(plan, shuffled).metricRecords == whole)
  }

  @Test func `a state goes on under another list of classes, its scores are not misread`() throws {
    let rows = goldenRows()
    var feeding = Feeding(try plan())
    feeding.feed(lines(rows).prefix(200))
    feeding.close()
    let moved = "decision: d\n    scores: {bee: p.1, ant: p.0, cat: p.2, dog: p.3}"
    try feeding.restart(as: plan(prediction: moved))
    feeding.feed(lines(rows).dropFirst(200))
    feeding.finish()
    let part = try #require(firstHour(feeding.output))
    func value(_ statistic: String) -> StatisticValue? {
      part.measurements.first { $0.signal == "quality" && $0.statistic == statistic }?.value
    }
    #expect(abs((value("accuracy")?.value ?? 0) - 2.0 / 3) < 1e-12)
    #expect((value("log_loss")?.n ?? 0) < 120)
  }

  @Test func `rules ask for a class, and each version has its own figures`() throws {
    let rules = """
      rules:
        - {alert: Blind, expr: recall(classes.cat) < 25% and count(classes.cat) >= 5}
        - {alert: Blinder, expr: recall(classes.ant) < 10%}
        - {alert: Poor, expr: macro_f1(quality) < 0.6}
      """
    let output = try run(plan(more: rules), lines(goldenRows()))
    #expect(Set(output.alerts.map(\.name)) == ["Blind", "Poor"])
    #expect(output.alerts.first { $0.name == "Blind" }?.labels["signal"] == "classes.cat")
    let rows = randomRows(360, seed: 22)
    let versions = try run(plan(), lines(rows)).quality(version: "2")[0]
    let own = rows.prefix(240).filter { $0.version == "2" }
    let right = own.count { $0.decision == $0.outcome }
    #expect(versions?["accuracy"]?.value == Double(right) / Double(own.count))
  }

  @Test func `the reference has the measures of several classes, too`() throws {
    let reference = try profile(lines(goldenRows()), plan().monitor).profile
    let measures = try #require(reference.quality?.measures)
    #expect(measures.map(\.name) == ["accuracy", "macro_f1", "log_loss"])
    let loss = try #require(goldens()["log_loss"])
    #expect(abs((measures.last?.value ?? 0) - loss) < 1e-12)
    let output = try run(plan(profile: reference), lines(goldenRows()))
    #expect(output.quality()[0]?["accuracy"] != nil)
  }

  @Test func `of several annotators the class that most say is the outcome`() throws {
    let text = """
      model: kinds
      events:
        prediction: {when: kind == "p", id: id, time: ts, decision: d}
        outcome: {when: kind == "o", id: id, time: ts, label: y, annotator: who}
      quality: {window: 1h, horizon: 30m, classes: [ant, bee, cat]}
      windows: {main: 1h}
      """
    func say(_ id: String, _ who: String, _ label: String) -> String {
      JoinStream.outcome(id, 5, "\"\(label)\"").dropLast() + ",\"who\":\"\(who)\"}"
    }
    func decide(_ id: String, _ label: String) -> String {
      JoinStream.prediction(id, 1).replacing("\"d\":1", with: "\"d\":\"\(label)\"")
    }
    let lines =
      [
        decide("a", "cat"), decide("b", "ant"), say("a", "x", "cat"), say("a", "y", "ant"),
        say("a", "z", "cat"), say("b", "x", "ant"), say("b", "y", "bee"),
      ] + JoinStream.ticks(10..<90)
    var feeding = Feeding(try Plan(monitor: monitor(text), profile: nil))
    try feeding.run(lines, chunk: 5, cuts: true)
    let figures = try #require(feeding.output.quality()[0])
    #expect(figures["count"]?.value == 1 && figures["accuracy"]?.value == 1)
    #expect(feeding.outcomeTally.tied >= 1)
  }
}
