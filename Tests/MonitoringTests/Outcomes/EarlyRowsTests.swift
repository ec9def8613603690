import Records
import Testing

@testable import Monitoring
@testable import Specification

/// Rows to train on that leave before their outcome is final.
@Suite struct EarlyRowsTests {
  private func plan(_ rows: String) throws -> Plan {
    try JoinStream.plan(
      "{window: 1h, horizon: 2h}",
      rules: "feedback: {consent: true, rows: \(rows)}"
    )
  }

  /// Of each row what left of it, in order: its revision, whether it is final, and its outcome.
  private func left(
    _ rows: String,
    _ lines: [String],
    chunk: Int = 3,
    cuts: Bool = false
  ) throws -> [String: [String]] {
    var feeding = Feeding(try plan(rows), measuring: .nothing)
    try feeding.run(lines, chunk: chunk, cuts: cuts)
    var left: [String: [String]] = [:]
    for case .example(let row) in feeding.output.feedback {
      left[row.id, default: []].append(
        "\(row.revision) \(row.isFinal ? "final" : "early") "
          + (row.outcome.map { "\(Int($0))" } ?? row.route)
      )
    }
    return left
  }

  /// Predictions of the first hour: `a` is corrected, `b` comes once, and `c` before its prediction.
  private static let lines =
    [
      JoinStream.outcome("c", 0.2, "1"), JoinStream.prediction("a", 1),
      JoinStream.prediction("b", 2), JoinStream.prediction("c", 3),
      JoinStream.prediction("none", 4),
      JoinStream.outcome("a", 20, "1"), JoinStream.outcome("b", 30, "0"),
      JoinStream.outcome("a", 50, "0"), JoinStream.outcome("a", 51, "0"),
    ] + JoinStream.ticks(60..<200) + [JoinStream.outcome("t150", 200, "1")]
    + JoinStream.ticks(210..<240)

  @Test func `a row leaves when its outcome is known, when that changes, and when it is final`()
    throws
  {
    let left = try left("{early: true}", Self.lines)
    #expect(left["a"] == ["1 early 1", "2 early 0", "3 final 0"])
    #expect(left["b"] == ["1 early 0", "2 final 0"])
    #expect(left["c"] == ["1 early 1", "2 final 1"])
    #expect(left["none"] == nil)
    #expect(left["t150"] == ["1 early 1"])
  }

  @Test func `without it a row leaves once`() throws {
    for rows in ["true", "{early: false}", "{}"] {
      let left = try left(rows, Self.lines)
      #expect(left == ["a": ["1 final 0"], "b": ["1 final 0"], "c": ["1 final 1"]], "\(rows)")
    }
  }

  @Test func `neither a cut of the state nor the size of chunks changes what leaves`() throws {
    let whole = try left("{early: true}", Self.lines)
    #expect(try left("{early: true}", Self.lines, cuts: true) == whole)
    #expect(try left("{early: true}", Self.lines, chunk: 50) == whole)
  }
}
