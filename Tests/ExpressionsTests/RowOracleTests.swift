import Events
import Testing

@testable import Expressions
import TestSupport

/// Expressions with a meaning, at random: numbers `n…`, texts `s…`, booleans `b…`, the latency.
private struct MeaningfulGenerator {
  var random: SeededGenerator

  mutating func pick<Element>(_ items: [Element]) -> Element {
    items[Int.random(in: 0..<items.count, using: &random)]
  }

  private mutating func flip() -> Bool { Bool.random(using: &random) }

  mutating func number(_ depth: Int) -> String {
    guard depth > 0 else { return pick(["n1", "n2", "n3", "0", "1", "2.5", "50%", "-3"]) }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "-(\(number(depth - 1)))"
    case 1: return "abs(\(number(depth - 1)))"
    case 2: return "(\(duration(depth - 1))) / (\(duration(depth - 1)))"
    default: return "(\(number(depth - 1))) \(pick(["+", "-", "*", "/"])) (\(number(depth - 1)))"
    }
  }

  mutating func duration(_ depth: Int) -> String {
    guard depth > 0 else { return pick(["latency", "latency", "9ms", "1s", "250us", "-2s"]) }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "-(\(duration(depth - 1)))"
    case 1: return "(\(duration(depth - 1))) \(pick(["*", "/"])) (\(number(depth - 1)))"
    case 2: return "(\(number(depth - 1))) * (\(duration(depth - 1)))"
    default: return "(\(duration(depth - 1))) \(pick(["+", "-"])) (\(duration(depth - 1)))"
    }
  }

  mutating func condition(_ depth: Int) -> String {
    guard depth > 0 else { return pick(["b1", "b2", "true", "n1 is missing", "exists(s1)"]) }
    let symbol = pick(["==", "!=", "<", "<=", ">", ">="])
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return "not (\(condition(depth - 1)))"
    case 1: return "(\(condition(depth - 1))) and (\(condition(depth - 1)))"
    case 2: return "(\(condition(depth - 1))) or (\(condition(depth - 1)))"
    case 3: return "(\(duration(depth - 1))) \(symbol) (\(duration(depth - 1)))"
    case 4: return "\(pick(["s1", "s2"])) \(symbol) \"\(pick(["a", "b", "ab", ""]))\""
    case 5: return "(\(number(depth - 1))) \(flip() ? "in" : "not in") [1, 2.5, -3]"
    case 6: return "\(pick(["s1", "s2"])) \(flip() ? "in" : "not in") [\"a\", \"\"]"
    case 7: return "\(pick(["n2", "s1", "latency", "b1"])) is \(flip() ? "" : "not ")missing"
    default: return "(\(number(depth - 1))) \(symbol) (\(number(depth - 1)))"
    }
  }

  mutating func kpi(_ depth: Int) -> String {
    guard depth > 0 else {
      let filter = flip() ? "where \(condition(2))" : ""
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return "count(\(filter))"
      case 1: return "\(pick(["sum", "mean"]))(\(condition(1)) \(filter))"
      default: return "\(pick(["sum", "mean", "min", "max"]))(\(number(1)) \(filter))"
      }
    }
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return "ratio(\(kpi(depth - 1)), \(kpi(depth - 1)))"
    case 1: return "-(\(kpi(depth - 1)))"
    default: return "(\(kpi(depth - 1))) \(pick(["+", "-", "*", "/"])) (\(kpi(depth - 1)))"
    }
  }

  mutating func rows(_ count: Int) -> [[String: RowValue]] {
    let names = ["n1", "n2", "n3", "took", "s1", "s2", "b1", "b2"]
    return (0..<count).map { _ in
      var row: [String: RowValue] = [:]
      for name in names { row[name] = value(of: name) }
      return row
    }
  }

  private mutating func value(of name: String) -> RowValue {
    let anything: [RowValue] = [.number(1), .text("a"), .boolean(true), .null, .missing]
    if Int.random(in: 0..<5, using: &random) == 0 { return pick(anything) }
    switch name.prefix(1) {
    case "s": return .text(pick(["a", "b", "ab", ""]))
    case "b": return .boolean(flip())
    default: return .number(pick([0, 1, 2.5, -3, 9, 0.25, 1e-3, 1e200, 7]))
    }
  }
}

@Suite struct RowOracleTests {
  private static let roles = EventRoles(
    latency: .init(path: FieldPath(["took"]), unit: .milliseconds)
  )

  private func table(_ rows: [[String: RowValue]]) -> CellTable {
    var table = CellTable()
    for row in rows {
      for (name, value) in row {
        let bits =
          switch value {
          case .number(let number): Cell(number).bits
          case .text(let text): table.string(text)
          case .boolean(let value): (value ? Cell.true : .false).bits
          case .null: Cell.null.bits
          case .missing: Cell.missing.bits
          }
        table.columns[name, default: []].append(bits)
      }
    }
    return table
  }

  private func oracles(_ rows: [[String: RowValue]]) -> [RowOracle] {
    rows.map { RowOracle(row: $0, perSecond: 1e3) }
  }

  @Test(arguments: UInt64(1)...6)
  func `columns are judged as rows are, one by one`(_ seed: UInt64) throws {
    var generator = MeaningfulGenerator(random: SeededGenerator(seed: seed))
    for _ in 0..<40 {
      let rows = generator.rows(Int.random(in: 1...20, using: &generator.random))
      let (table, oracles) = (table(rows), oracles(rows))
      let condition = generator.condition(3)
      let tree = try Expression.parse(condition)
      let holds = oracles.map { $0.holds(tree) }
      #expect(
        try table.rows(condition, roles: Self.roles) == holds.map { $0 == true },
        "seed \(seed): \(condition)"
      )
      // As a number an unknown condition differs from a false one.
      #expect(
        try table.numbers("not (\(condition))", roles: Self.roles)
          == holds.map { $0.map { $0 ? 0 : 1 } },
        "seed \(seed): \(condition)"
      )
      for source in [generator.number(3), generator.duration(3)] {
        let tree = try Expression.parse("(\(source)) + 0 * (\(source))")
        #expect(
          try table.numbers("(\(source)) + 0 * (\(source))", roles: Self.roles)
            == oracles.map { $0.number(tree) },
          "seed \(seed): \(source)"
        )
      }
    }
  }

  @Test(arguments: UInt64(1)...6)
  func `a KPI is what its aggregates over the rows say`(_ seed: UInt64) throws {
    var generator = MeaningfulGenerator(random: SeededGenerator(seed: seed))
    for _ in 0..<40 {
      let rows = generator.rows(Int.random(in: 1...20, using: &generator.random))
      let (table, oracles) = (table(rows), oracles(rows))
      let source = generator.kpi(2)
      let kpi = try KPIExpression.parse(source, roles: Self.roles)
      let measures = kpi.measures.map { measure in
        let numbers = table.cells(measure.number).filter(\.isNumber).map(\.number)
        return RowOracle.aggregate(numbers, measure.aggregate.rawValue)
      }
      let expected = RowOracle.kpi(kpi.expression, oracles)
      #expect(kpi.evaluate { measures[$0] } == expected, "seed \(seed): \(source)")
    }
  }
}
