import Foundation
import Testing

/// docs/limits.md has the numbers that the code has.
@Suite struct LimitsTests {
  /// A row of the page: a limit's name, and the number that its second column begins with.
  struct Row: Equatable {
    let name: String
    let value: Int
  }

  /// What a unit behind a number multiplies it by; another word is no unit.
  private static let units = [
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "s": 1, "m": 60, "h": 3_600, "d": 86_400,
  ]

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The rows of all tables.
  static func rows(of page: String) -> [Row] {
    page.split(separator: "\n").compactMap { line in
      guard let match = line.firstMatch(of: /^\| `([^`]+)` \| ([0-9,]+)(?: ([A-Za-z]+))?/) else {
        return nil
      }
      let digits = match.output.2.filter(\.isNumber)
      let unit = match.output.3.flatMap { units[String($0)] } ?? 1
      return Int(digits).map { Row(name: String(match.output.1), value: $0 * unit) }
    }
  }

  @Test func `a row is read with its unit, and a line without a number is none`() {
    let page = """
      | Limit | At most |
      |---|---|
      | `a.b` | 1 MiB of it |
      | `c` | 16,384 lines |
      | `--d` | 30 s, twice |
      | `e` | none |
      """
    let rows = [
      Row(name: "a.b", value: 1_048_576), Row(name: "c", value: 16_384),
      Row(name: "--d", value: 30),
    ]
    #expect(Self.rows(of: page) == rows)
  }

  @Test func `every number of the page is that of the code`() throws {
    let place = Self.root.appending(path: "docs/limits.md")
    let rows = Self.rows(of: try String(contentsOf: place, encoding: .utf8))
    #expect(Set(rows.map(\.name)).count == rows.count, "a limit stands twice")
    let named = NamedLimits.all
    for row in rows {
      let value = try #require(named[row.name], "\(row.name) is no limit of NamedLimits")
      #expect(row.value == value, "\(row.name) is \(value) in the code")
    }
    let missing = Set(named.keys).subtracting(rows.map(\.name))
    #expect(missing.isEmpty, "docs/limits.md lacks \(missing.sorted())")
  }
}
