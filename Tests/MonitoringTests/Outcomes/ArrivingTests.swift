import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// What is told of windows while their labels are arriving.
@Suite struct ArrivingTests {
  /// Predictions in a steady stream, some of which are positive; of those labels come.
  ///
  /// `delay` is how many minutes a label takes, of the prediction's minute and a number in [0, 1).
  private func lines(
    _ count: Int,
    every step: Double,
    rate: Double,
    seed: UInt64,
    delay: (Double, Double) -> Double
  ) -> [(minute: Double, line: String)] {
    var generator = SeededGenerator(seed: seed)
    var events: [(minute: Double, line: String)] = []
    for index in 0..<count {
      let minute = Double(index) * step
      let isPositive = generator.uniform() < rate
      let decision = generator.uniform() < (isPositive ? 0.8 : 0.1) ? 1 : 0
      let score = isPositive ? 0.6 : 0.4
      let id = "p\(index)"
      events.append((minute, JoinStream.prediction(id, minute, score: score, decision: decision)))
      guard isPositive else { continue }
      let known = minute + delay(minute, generator.uniform())
      events.append((known, JoinStream.outcome(id, known, "1")))
    }
    return events.sorted { ($0.minute, $0.line) < ($1.minute, $1.line) }
  }

  private func run(_ plan: Plan, _ events: [(minute: Double, line: String)]) -> EngineOutput {
    var feeding = Feeding(plan)
    let last = events.last { $0.line.contains("\"p\"") }?.minute ?? 0
    feeding.feed(events.filter { $0.minute <= last }.map(\.line))
    feeding.finish()
    return feeding.output
  }

  /// What was said last of each window, by its number of hours.
  private func figures(
    _ output: EngineOutput,
    of signal: String,
    hours: Int = 1
  ) -> [Int: [String: Measurement]] {
    var all: [Int: [String: Measurement]] = [:]
    for part in output.measured where part.stage != nil && part.isWhole {
      let hour = Int(part.start / 1_000_000_000 - Int64(JoinStream.start)) / 3_600
      let own = part.measurements.filter { $0.signal == signal }
      all[hour / hours] = Dictionary(uniqueKeysWithValues: own.map { ($0.statistic, $0) })
    }
    return all
  }

  /// A number of a figure; NaN without one, which no expectation holds of.
  private func number(
    _ figure: Measurement?,
    _ member: KeyPath<StatisticValue, Double?>? = nil
  ) -> Double {
    guard let value = figure?.value else { return .nan }
    return member.map { value[keyPath: $0] ?? .nan } ?? value.value
  }

  @Test func `labels to come are worked in where silence is negative`() throws {
    // Of 20 an hour's 600 predictions are positive; labels take up to four hours.
    let events = lines(12_000, every: 0.1, rate: 0.2, seed: 11) { _, u in 240 * u }
    let plan = try JoinStream.plan("{window: 1h, horizon: 4h, silence: negative}")
    let output = run(plan, events)
    let (labels, corrected) = (figures(output, of: "labels"), figures(output, of: "corrected"))
    let complete = figures(output, of: "complete")
    // The window of the nineteenth hour is between one and two hours old.
    let (soFar, told) = (try #require(labels[18]), try #require(corrected[18]))
    #expect(number(soFar["prevalence"]) < 0.12)
    let prevalence = try #require(told["prevalence"])
    #expect(abs(prevalence.value.value - 0.2) < 0.06, "\(prevalence)")
    let (low, high) = (try #require(prevalence.value.low), try #require(prevalence.value.high))
    #expect(low < 0.2 && 0.2 < high && high - low < 0.16, "\(prevalence)")
    #expect(told["imputed"]?.value.value == 0)
    #expect(prevalence.burst == "cannot_be_told")
    // 0.2 · 0.8 of 0.2 · 0.8 + 0.8 · 0.1 decisions.
    let precision = try #require(told["precision"]?.value)
    #expect(abs(precision.value - 2.0 / 3) < 0.15, "\(precision)")
    #expect(abs(number(told["recall"]) - 0.8) < 0.1)
    #expect(abs(number(told["accuracy"]) - 0.88) < 0.05)
    // The newest window that is final when it was judged last.
    let sceptic = try #require(complete[18]?["prevalence"])
    #expect(sceptic.cohort == Int64(JoinStream.start + 14 * 3_600) * 1_000_000_000)
    #expect(abs(sceptic.value.value - 0.2) < 0.06)
  }

  @Test func `where silence means nothing nothing is corrected, yet delays are told`() throws {
    let events = lines(3_000, every: 0.1, rate: 0.2, seed: 12) { _, u in 60 * u }
    let output = run(try JoinStream.plan("{window: 1h, horizon: 2h}"), events)
    let corrected = figures(output, of: "corrected").values.reduce(0) { $0 + $1.count }
    #expect(corrected == 0)
    let numbers = try JoinStream.plan("{window: 1h, horizon: 2h, task: regression}")
    let statistics = run(numbers, events).measured.filter { $0.stage != nil }
      .flatMap(\.measurements).filter { $0.signal == "labels" }.map(\.statistic)
    #expect(statistics.contains("delay") && !statistics.contains("prevalence"))
    let first = try #require(figures(output, of: "labels")[0])
    #expect(abs(number(first["delay"]) - 1_800) < 400)
  }

  @Test func `labels that take longer are seen while their window is young`() throws {
    let events = lines(4_000, every: 0.3, rate: 0.5, seed: 13) { minute, u in
      (minute < 840 ? 0 : 70) + 30 * u
    }
    let rules = """
      rules:
        - {alert: Slow, expr: delay(labels) > 1h}
        - {alert: Missing, expr: observed_to_expected(labels) < 0.5}
      """
    let plan = try JoinStream.plan("{window: 1h, horizon: 4h}", rules: rules)
    let output = run(plan, events)
    let labels = figures(output, of: "labels")
    let calm = try #require(labels[10])
    #expect(number(calm["delay_ks"], \.low) < 0.05)
    let usual = try #require(calm["observed_to_expected"]).value
    #expect(usual.low ?? 2 < 1 && usual.high ?? 0 > 1, "\(usual)")
    let slow = try #require(labels[15])
    #expect(number(slow["delay"]) > 4_200)
    #expect(number(slow["delay_ks"], \.low) > 0.5)
    let fired = Set(output.alerts.map(\.name))
    #expect(fired == ["Slow", "Missing"], "\(fired)")
  }

  @Test func `without earlier predictions whose time is up nothing is held against them`() throws {
    let events = lines(2_000, every: 0.1, rate: 0.5, seed: 15) { _, u in 30 * u }
    let output = run(try JoinStream.plan("{window: 1h, horizon: 4h, silence: negative}"), events)
    let statistics = output.measured.filter { $0.stage != nil }.flatMap(\.measurements)
      .filter { ["labels", "corrected"].contains($0.signal) }
    #expect(!statistics.isEmpty)
    #expect(Set(statistics.map(\.statistic)) == ["count", "prevalence", "delay"])
    #expect(!statistics.contains { $0.signal == "corrected" })
  }

  @Test func `what is in flight is told by scores and by how long labels take`() throws {
    // Positive outcomes take up to four hours, negative ones never come.
    func stream(_ name: String, seed: UInt64) -> [(minute: Double, line: String)] {
      var generator = SeededGenerator(seed: seed)
      var events: [(minute: Double, line: String)] = []
      for index in 0..<4_000 {
        let (minute, id) = (Double(index) * 0.3, "\(name)\(index)")
        let score = Double(1 + generator.below(99)) / 100
        let isPositive = generator.uniform() < score
        let decision = score >= 0.5 ? 1 : 0
        events.append(
          (minute, JoinStream.prediction(id, minute, score: score, decision: decision))
        )
        guard isPositive else { continue }
        let known = minute + 240 * generator.uniform()
        events.append((known, JoinStream.outcome(id, known, "1")))
      }
      return events.sorted { ($0.minute, $0.line) < ($1.minute, $1.line) }
    }
    let monitor = try JoinStream.plan("{window: 1h, horizon: 4h, silence: negative}").monitor
    let reference = try profile(stream("r", seed: 16).map(\.line), monitor).profile
    let output = run(try Plan(monitor: monitor, profile: reference), stream("q", seed: 17))
    let told = try #require(figures(output, of: "in_flight")[18])
    let soFar = try #require(figures(output, of: "labels")[18]?["prevalence"])
    #expect(soFar.value.value < 0.35)
    let prevalence = try #require(told["prevalence"]?.value)
    #expect(abs(prevalence.value - 0.5) < 0.08, "\(prevalence)")
    #expect(abs(number(told["accuracy"]) - 0.75) < 0.07)
    #expect(abs(number(told["precision"]) - 0.75) < 0.08)
  }

  @Test func `another horizon or length of windows begins anew, and says so`() throws {
    let events = lines(3_000, every: 0.3, rate: 0.2, seed: 18) { _, u in 120 * u }
    let plan = try JoinStream.plan("{window: 1h, horizon: 2h, silence: negative}")
    var feeding = Feeding(plan)
    feeding.feed(events.prefix(2_700).map(\.line))
    feeding.close()
    let longer = try JoinStream.plan("{window: 1h, horizon: 3h, silence: negative}")
    let notes = try feeding.restart(as: longer)
    #expect(
      notes.contains("quality.horizon or silence is another: how labels arrive is learnt anew"),
      "\(notes)"
    )
    let wider = try JoinStream.plan("{window: 3h, horizon: 3h, silence: negative}")
    _ = try feeding.restart(as: wider)
    feeding.feed(events.dropFirst(2_700).map(\.line))
    feeding.finish()
    let cohorts = feeding.output.measured.filter { $0.stage != nil }.flatMap(\.measurements)
      .compactMap(\.cohort)
    #expect(!cohorts.isEmpty)
    let last = Int64(JoinStream.start + 15 * 3_600) * 1_000_000_000
    #expect(cohorts.allSatisfy { $0 <= last }, "\(cohorts)")
  }

  @Test(arguments: [false, true])
  func `a burst of labels of old predictions is told from a year of history`(
    isBurst: Bool
  ) throws {
    let day = 1_440.0
    var events = lines(5_500, every: 144, rate: 0.3, seed: 14) { _, u in 48 * day * u }
    if isBurst {
      // In the last eight days of 550 every third prediction of the 40 before gets a label.
      for index in stride(from: 5_020, to: 5_400, by: 3) {
        let minute = 542 * day + Double(index % 100) * 100
        events.append((minute, JoinStream.outcome("p\(index)", minute, "1")))
      }
      events.sort { ($0.minute, $0.line) < ($1.minute, $1.line) }
    }
    let plan = try JoinStream.plan(
      "{window: 2d, horizon: 48d, silence: negative, slide: 2d}",
      rules: #"rules: [{alert: Burst, expr: burst == "burst"}]"#
    )
    let output = run(plan, events)
    let told = figures(output, of: "corrected", hours: 48)
    let words = told.sorted { $0.key < $1.key }.map { $0.value["prevalence"]?.burst }
    #expect(words.contains("cannot_be_told"))
    let newest = try #require(told[268])
    #expect(newest["prevalence"]?.burst == (isBurst ? "burst" : "quiet"), "\(newest)")
    let ratio = try #require(newest["observed_to_expected"]?.value)
    #expect(isBurst ? ratio.value > 1.5 : abs(ratio.value - 1) < 0.5, "\(ratio)")
    #expect(output.alerts.contains { $0.name == "Burst" } == isBurst)
  }
}
