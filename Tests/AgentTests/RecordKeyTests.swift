import Records
import Testing

@testable import Agent

/// What a record is about, by which a compacted topic keeps its last state.
@Suite struct RecordKeyTests {
  private static let claim = ClaimRecord(
    time: 0,
    model: "m",
    measure: "accuracy",
    limit: 0.9,
    isError: false,
    start: 0,
    end: 1,
    verdict: "holds",
    value: 0.95,
    low: 0.94,
    high: 0.96,
    n: 100,
    money: nil,
    unit: nil
  )

  private static func rollback(_ canary: String) -> RollbackRecord {
    RollbackRecord(
      time: 0,
      model: "m",
      canary: canary,
      stable: "1",
      measure: "error",
      difference: 0.1,
      low: 0.05,
      high: 0.2,
      pairs: 40,
      margin: 0.01,
      risk: 0.05
    )
  }

  @Test func `a later claim takes no rollback's place, nor one rollback that of another version`() {
    let records: [FeedbackRecord] = [
      .claim(Self.claim), .rollback(Self.rollback("2")), .rollback(Self.rollback("3")),
    ]
    #expect(Set(records.map(\.key)).count == 3)
  }

  @Test func `a later claim of the model takes the place of the earlier one`() {
    var later = Self.claim
    later.time = 9
    later.verdict = "fails"
    #expect(FeedbackRecord.claim(later).key == FeedbackRecord.claim(Self.claim).key)
  }
}
