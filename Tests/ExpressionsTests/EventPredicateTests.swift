import Events
import Testing

@testable import Expressions

@Suite struct EventPredicateTests {
  /// Rows: a number, a string, true, false, missing, null, an object, an overflowing number.
  private func everything() -> CellTable {
    var table = CellTable()
    table.columns["x"] = [
      Cell(10).bits, table.string("cash"), Cell.true.bits, Cell.false.bits, Cell.missing.bits,
      Cell.null.bits, Cell.composite.bits, Cell.overflow.bits,
    ]
    table.columns["y"] = [
      Cell(10).bits, table.string("cash"), Cell.true.bits, Cell.true.bits, Cell.missing.bits,
      Cell(1).bits, Cell.composite.bits, Cell(1).bits,
    ]
    return table
  }

  @Test(arguments: [
    ("x >= 10", [0]), ("x < 11", [0]), ("x != 3", [0]), ("not x == 3", [0]), ("x + 1 == 11", [0]),
    ("-x * 2 / 4 == -5", [0]), ("x / 0 > 1", []), ("abs(3 - x) == 7", [0]), ("x in [1, 10]", [0]),
    ("x not in [1, 2]", [0]), ("x == \"cash\"", [1]), ("x != \"card\"", [1]), ("x < \"d\"", [1]),
    ("\"d\" > x", [1]), ("'cash' == x", [1]), ("'card' != x", [1]), ("'a' == 'a'", Array(0..<8)),
    ("x in [\"cash\", \"card\"]", [1]), ("x not in ['card']", [1]), ("x", [2]),
    ("not x", [3]), ("x == true", [2]), ("x != true", [3]), ("x in [false]", [3]),
    ("x is missing", [4, 5]), ("x is not missing", [0, 1, 2, 3, 6, 7]),
    ("exists(x)", [0, 1, 2, 3, 6, 7]), ("not exists(x)", [4, 5]), ("x == y", [0, 1, 2]),
    ("x != y", [3]), ("x > 5 or x is missing", [0, 4, 5]), ("true", [0, 1, 2, 3, 4, 5, 6, 7]),
    ("exists(x) and not x > 5", []), ("z > 1", []), ("z is missing", [0, 1, 2, 3, 4, 5, 6, 7]),
  ])
  func `a predicate holds for the rows whose values say so`(_ source: String, _ rows: [Int]) throws
  {
    let holds = try everything().rows(source)
    #expect(holds.indices.filter { holds[$0] } == rows)
  }

  @Test(arguments: [
    ("t and t", true), ("t and u", false), ("f and u", false), ("t or u", true), ("u or t", true),
    ("f or u", false), ("not u", false), ("not (f and u)", true), ("not (u and f)", true),
    ("not (t or u)", false), ("not (f or u)", false), ("not (t and u)", false), ("not f", true),
  ])
  func `logic has three values, of which unknown does not hold`(
    _ formula: String,
    _ holds: Bool
  ) throws {
    var table = CellTable()
    table.columns = ["t": [Cell.true.bits], "f": [Cell.false.bits], "u": [Cell.null.bits]]
    #expect(try table.rows(formula) == [holds])
  }

  @Test func `escaped strings are compared by what they mean`() throws {
    var table = CellTable()
    table.columns["kind"] = [
      table.string("pred\\u0069ction", isEscaped: true), table.string("prediction"),
      table.string("pred\\\\", isEscaped: true),
    ]
    try #require(try table.rows("kind == \"prediction\"")[1])
    #expect(try table.rows("kind == \"prediction\"") == [true, true, false])
    #expect(try table.rows("kind == 'pred\\\\'") == [false, false, true])
  }

  @Test func `fields are listed once, with the type of their use`() throws {
    let predicate = try EventPredicate.parse(
      "kind == \"prediction\" and amount >= 10 and amount < 20 and live and exists(more) and a == b"
    )
    let types = predicate.fields.map { "\($0.path): \($0.type?.rawValue ?? "any")" }
    #expect(
      types == [
        "kind: string", "amount: number", "live: boolean", "more: any", "a: any", "b: any",
      ]
    )
  }

  @Test func `a type is carried over an equality`() throws {
    let predicate = try EventPredicate.parse("a == b and b == c and c > 1")
    #expect(predicate.fields.map(\.type) == [.number, .number, .number])
  }

  @Test(arguments: [
    ("a > 1 and a == 'x'", 10, "used as a string, got a number at column 1"),
    ("a and a > 1", 6, "used as a number, got a boolean"), ("a + 1", 0, "expected a condition"),
    ("'x'", 0, "expected a condition"), ("a > 5m", 4, "no unit of time"),
    ("1 == 'x'", 0, "cannot compare"), ("true < false", 0, "no order"),
    ("a.* > 1", 0, "many fields"),
    ("exsts(a) == foo(b)", 0, "did you mean \"exists\""), ("drift(a) > 1", 0, "is of a window"),
    ("a in [1, 'x']", 9, "one type"), ("exists(1)", 7, "only a field"),
    ("a - 'x' > 1", 4, "expected a number"),
    ("abs(a, b) > 1", 0, "takes one number"), ("(a > 1) is missing", 0, "only a field"),
    ("a > 1 and b == 'x' and a == b", 23, "used as a string, got a number"),
  ])
  func `a type error is found at its byte`(_ source: String, _ offset: Int, _ words: String) {
    do throws(ExpressionErrors) {
      _ = try EventPredicate.parse(source)
      Issue.record("\(source) was taken")
    } catch {
      #expect(error.diagnostics.first?.span.offset == offset, "\(error)")
      #expect(error.diagnostics.first?.message.contains(words) == true, "\(error)")
    }
  }

  @Test func `comparisons of fields that contradict one another are each reported once`() {
    // x and y are equal to each other, to a number and to a text: no order of settling them ends
    // in agreement, but it ends.
    let source = "x == y and y == z and z == x and x == w and w == v and y > 1 and v == 'a'"
    do throws(ExpressionErrors) {
      _ = try EventPredicate.parse(source)
      Issue.record("\(source) was taken")
    } catch {
      #expect((1...5).contains(error.diagnostics.count), "\(error)")
    }
  }

  @Test func `a predicate judges decoded events`() throws {
    let lines = """
      {"kind":"prediction","features":{"amount":10,"place":"Kraków"}}
      {"kind":"outcome","features":{"amount":10}}
      {"kind":"pred\\u0069ction","features":{"amount":1e1,"place":"Krak\\u00f3w"}}
      {"features":{"amount":50}}
      {"kind":"prediction","features":{"amount":"10"}}
      {"kind":"prediction","features":{"amount":9.5,"place":null}}

      """
    let source = "kind == \"prediction\" and features.amount >= 10 and features.place == \"Kraków\""
    let predicate = try EventPredicate.parse(source)
    let schema = Schema(slots: predicate.fields.map { Schema.Slot(path: $0.path, form: $0.form) })
    var decoder = EventDecoder(schema: schema)
    var events = EventColumns(slotCount: schema.slots.count)
    let bytes = Array(lines.utf8) + [UInt8](repeating: 0, count: 64)
    let mask = unsafe bytes.withUnsafeBytes { buffer -> [UInt8] in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<lines.utf8.count])
      _ = unsafe decoder.decode(chunk, from: 0, atStreamStart: true, into: &events)
      var mask = [UInt8](repeating: 9, count: events.rowCount)
      unsafe mask.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        unsafe predicate.evaluate(events, slots: [0, 1, 2], chunk: chunk, into: base)
      }
      return mask
    }
    #expect(mask == [1, 0, 1, 0, 0, 0])
  }
}
