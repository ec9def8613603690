import Events
import Testing

@testable import Expressions

@Suite struct EventRolesTests {
  private static let roles = EventRoles(
    score: FieldPath(["output", "p"]),
    decision: FieldPath(["answer"]),
    latency: .init(path: FieldPath(["took"]), unit: .milliseconds)
  )

  private func problem(_ source: String, roles: EventRoles = roles) -> ExpressionDiagnostic? {
    do throws(ExpressionErrors) {
      _ = try EventPredicate.parse(source, roles: roles)
      return nil
    } catch {
      return error.diagnostics.first
    }
  }

  @Test func `a role stands for its field, and wins over a field of its name`() throws {
    let predicate = try EventPredicate.parse(
      "score > 0.5 and decision == 'yes' and version == 'v2' and latency < 5ms and answer != 'no'",
      roles: Self.roles
    )
    let fields = predicate.fields.map { "\($0.path): \($0.type?.rawValue ?? "any")" }
    #expect(fields == ["output.p: number", "answer: string", "version: string", "took: number"])
  }

  @Test func `without roles every name is a field`() throws {
    let predicate = try EventPredicate.parse("score > 0.5 and latency < 5 and label == 1")
    #expect(predicate.fields.map(\.path.description) == ["score", "latency", "label"])
  }

  @Test(arguments: [
    (DurationUnit.nanoseconds, 9_000_000.0), (.microseconds, 9_000), (.milliseconds, 9),
    (.seconds, 0.009),
  ])
  func `nine milliseconds are 9ms in every unit`(_ unit: DurationUnit, _ field: Double) throws {
    let roles = EventRoles(latency: .init(path: FieldPath(["t"]), unit: unit))
    var table = CellTable()
    table.columns["t"] = [Cell(field).bits]
    #expect(try table.rows("latency == 9ms", roles: roles) == [true])
    #expect(try table.rows("latency > 9ms or latency < 9ms", roles: roles) == [false])
    #expect(try table.numbers("latency", roles: roles) == [0.009])
    #expect(try table.numbers("latency / 1ms", roles: roles) == [9])
  }

  @Test(arguments: [
    ("latency > 9ms", [true, false, false, false]),
    ("latency in [10ms]", [true, false, false, false]),
    ("2 * latency - 1ms == 19ms", [true, false, false, false]),
    ("abs(-latency) / 2 == 5ms", [true, false, false, false]),
    ("latency / 5ms == 2", [true, false, false, false]),
    ("latency is missing", [false, true, false, false]),
    ("not (latency == 9ms)", [true, false, false, false]),
    ("exists(latency)", [true, false, true, true]),
  ])
  func `a latency is compared as a duration`(_ source: String, _ rows: [Bool]) throws {
    var table = CellTable()
    table.columns["took"] = [
      Cell(10).bits, Cell.missing.bits, table.string("10"), Cell.overflow.bits,
    ]
    #expect(try table.rows(source, roles: Self.roles) == rows)
  }

  @Test(
    arguments: [
      ("latency > 200", 10, "is a duration, got the number 200: write 200ms", "200ms"),
      ("1500 < latency", 0, "write 1s500ms", "1s500ms"),
      ("latency in [1, 2]", 12, "write 1ms", "1ms"),
      ("latency == 'x'", 11, "compared with a duration", nil),
      ("latency > other", 0, "divide the duration by the field's unit", nil),
      ("other > 5ms", 8, "a field has no unit of time", nil),
      ("latency + 5 > 1s", 0, "have no sum or difference", nil),
      ("latency * latency > 1s", 0, "a duration times a duration", nil),
      ("5 / latency > 1", 0, "a number divided by a duration", nil),
      ("latency", 0, "is a duration, expected a boolean", nil),
      ("score > latency", 8, "a field has no unit of time", nil),
      ("latency in [1ms, 2]", 17, "one type", nil),
      ("score in [1ms]", 10, "no unit of time", nil),
      ("abs(score) > 5ms", 0, "got the number abs(score)", nil),
      ("label == 1", 0, "which comes in a line of its own", nil),
      ("exists(label)", 7, "which comes in a line of its own", nil),
    ] as [(String, Int, String, String?)]
  )
  func `a mistake about a role says what to write`(
    _ source: String,
    _ offset: Int,
    _ words: String,
    _ suggestion: String?
  ) throws {
    let found = try #require(problem(source))
    #expect(found.span.offset == offset, "\(found)")
    #expect(found.message.contains(words), "\(found)")
    #expect(found.suggestion == suggestion)
  }

  @Test func `a latency that is not mapped is told how to be`() throws {
    let unmapped = try #require(problem("latency > 5ms", roles: EventRoles()))
    #expect(unmapped.message.contains("events.prediction.latency"))
    let without = try #require(problem("latency > 5ms", roles: .none))
    #expect(without.message.contains("failure, good and kpis"))
  }
}

@Suite struct EventNumberTests {
  /// Rows: a number, a string, true, false, missing, null, an object, an overflowing number.
  private func everything() -> CellTable {
    var table = CellTable()
    table.columns["x"] = [
      Cell(10).bits, table.string("cash"), Cell.true.bits, Cell.false.bits, Cell.missing.bits,
      Cell.null.bits, Cell.composite.bits, Cell.overflow.bits,
    ]
    return table
  }

  @Test(
    arguments: [
      ("x", [10, nil, 1, 0, nil, nil, nil, nil]),
      ("x + 1", [11, nil, nil, nil, nil, nil, nil, nil]),
      ("x == 'cash'", [nil, 1, nil, nil, nil, nil, nil, nil]),
      ("x > 10", [0, nil, nil, nil, nil, nil, nil, nil]), ("exists(x)", [1, 1, 1, 1, 0, 0, 1, 1]),
      ("not x", [nil, nil, 0, 1, nil, nil, nil, nil]), ("x / 0", Array(repeating: nil, count: 8)),
      ("3", Array(repeating: 3, count: 8)), ("-x", [-10, nil, nil, nil, nil, nil, nil, nil]),
      ("100 - x", [90, nil, nil, nil, nil, nil, nil, nil]),
    ] as [(String, [Double?])]
  )
  func `a condition counts as 0 or 1, and what is unknown has no number`(
    _ source: String,
    _ expected: [Double?]
  ) throws {
    #expect(try everything().numbers(source) == expected)
  }

  @Test func `a field by itself keeps the cells that are no number, everything else is missing`()
    throws
  {
    let table = everything()
    let own = try #require(table.columns["x"]).map { Cell(bits: $0) }
    let alone = table.cells(try EventNumber.parse("x"))
    for row in [0, 1, 4, 5, 6, 7] { #expect(alone[row] == own[row], "row \(row)") }
    let computed = table.cells(try EventNumber.parse("x * 1"))
    #expect(computed.dropFirst().allSatisfy { $0 == .missing })
    let roles = EventRoles(latency: .init(path: FieldPath(["x"]), unit: .seconds))
    let latency = try EventNumber.parse("latency", roles: roles)
    #expect(latency.type == .duration)
    #expect(table.cells(latency) == own)
  }
}
