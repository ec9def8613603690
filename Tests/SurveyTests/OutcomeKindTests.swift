import Events
import Specification
import TestSupport
import Testing

@testable import Survey

/// What turned out of predictions, where a log has it as events of another kind.
@Suite struct OutcomeKindTests {
  /// Predictions and, a minute later, what turned out of each.
  private static func log(
    prediction: (Int) -> String = { "\"score\":0.\($0 + 10),\"decision\":\($0 % 2)" },
    outcome: (Int) -> String,
    kind: String = "outcome",
    id: String = "prediction_id",
    from first: Int = 0
  ) -> SampleLog {
    let lines = (0..<80).flatMap { index -> [String] in
      let time = 1_760_000_000 + 60 * index
      return [
        "{\"kind\":\"prediction\",\"id\":\"p\(index)\",\"ts\":\(time),\"input\":{\"age\":\(index),"
          + "\"town\":\"t\(index % 3)\"},\(prediction(index))}",
        "{\"kind\":\"\(kind)\",\"\(id)\":\"p\(index + first)\",\"ts\":\(time + 30),"
          + "\(outcome(index))}",
      ]
    }
    return SampleLog(lines)
  }

  @Test func `labels of another kind are outcomes, with rules about them`() throws {
    let log = Self.log(outcome: { "\"label\":\($0 % 3 == 0 ? 1 : 0)" })
    let monitor = try log.monitor()
    let outcome = try #require(monitor.outcome)
    #expect(outcome.id.description == "prediction_id")
    #expect(outcome.label.description == "label")
    #expect(outcome.time.description == "ts")
    #expect(monitor.quality?.task == .binary)
    #expect(monitor.quality?.leakage.map(\.description) == ["input.age"])
    #expect(monitor.quality?.silenceIsNegative == false)
    let names = ["OutcomeBeforePrediction", "FeatureKnowsTheOutcome", "ScoresMeanSomethingElse"]
    #expect(monitor.rules.map(\.alert).filter(names.contains) == names)
    let starter = try log.starter()
    #expect(starter.text.contains("# the other kind has the outcomes"), "\(starter.text)")
    #expect(!starter.text.contains("silence: negative"))
    #expect(!starter.text.contains("Decisions are called otherwise"))
    #expect(starter.warnings.contains { $0.contains("\"outcome\" are read as outcomes") })
    #expect(!starter.warnings.contains { $0.contains("several kinds of events") })
  }

  @Test func `lines without a score that have a label are outcomes`() throws {
    let lines = (0..<60).flatMap { index in
      let time = 1_760_000_000 + 60 * index
      return [
        "{\"id\":\"p\(index)\",\"ts\":\(time),\"input\":{\"a\":\(index)},\"score\":0.\(index + 10)}",
        "{\"id\":\"p\(index)\",\"ts\":\(time + 30),\"label\":\(index % 2)}",
      ]
    }
    let log = SampleLog(lines)
    let monitor = try log.monitor()
    #expect(monitor.outcome?.label.description == "label")
    #expect(try log.starter().text.contains("when: exists(label)"))
    #expect(try log.starter().warnings.contains { $0.contains("lines with label are read as") })
  }

  @Test func `ids of earlier predictions are known by their name`() throws {
    let log = Self.log(outcome: { "\"label\":\($0 % 2)" }, id: "id", from: 100_000)
    #expect(try log.monitor().outcome?.id.description == "id")
    let other = Self.log(outcome: { "\"label\":\($0 % 2)" }, id: "case", from: 100_000)
    #expect(try other.monitor().outcome == nil)
  }

  @Test func `labels that are words say which one is positive`() throws {
    let log = Self.log(
      prediction: { "\"score\":0.\($0 + 10),\"decision\":\"\($0 % 5 == 0 ? "block" : "pass")\"" },
      outcome: { "\"verdict\":\"\($0 % 4 == 0 ? "fraud" : "fine")\"" },
      kind: "review"
    )
    let monitor = try log.monitor()
    #expect(monitor.quality?.positive == "fraud")
    #expect(try log.starter().text.contains("Decisions are called otherwise than labels"))
  }

  @Test func `where all labels are positive it asks what silence means`() throws {
    let log = Self.log(outcome: { _ in "\"label\":1" }, kind: "chargeback")
    #expect(try log.monitor().quality?.silenceIsNegative == false)
    #expect(try log.starter().text.contains("  # silence: negative"))
  }

  @Test func `several classes and numbers are predicted, too`() throws {
    let classes = try Self.log(
      prediction: { "\"decision\":\"\(["cat", "dog", "fox"][$0 % 3])\"" },
      outcome: { "\"actual\":\"\(["fox", "cat", "dog"][$0 % 3])\"" }
    ).monitor()
    #expect(classes.quality?.task == .multiclass)
    #expect(classes.quality?.classes == ["cat", "dog", "fox"])
    let numbers = try Self.log(
      prediction: { "\"prediction\":\($0 * 3).5" },
      outcome: { "\"actual\":\($0 * 3).25" }
    ).monitor()
    #expect(numbers.quality?.task == .regression)
  }

  @Test(arguments: [
    "\"message\":\"a text\",\"other\":1", "\"a\":1,\"b\":2", "\"seconds\":3",
  ])
  func `what says nothing of predictions is no outcome`(members: String) throws {
    let log = Self.log(outcome: { "\(members),\"n\":\($0)" }, kind: "note", id: "ticket")
    #expect(try log.monitor().outcome == nil)
  }
}
