import Foundation

/// The lines of a file of `fixtures/golden/statistics` that are not comments.
///
/// - Parameter name: The file's name, such as `normal.csv`.
/// - Returns: The lines in the file's order.
/// - Throws: What Foundation throws for a file that cannot be read.
func goldenLines(_ name: String) throws -> [Substring] {
  let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let file = root.appending(path: "fixtures/golden/statistics/\(name)")
  return try String(contentsOf: file, encoding: .utf8)
    .split(separator: "\n")
    .filter { !$0.hasPrefix("#") }
}

/// A table of `fixtures/golden/statistics`: comments, one line of names, rows of numbers.
struct GoldenTable {
  let columns: [String]
  let rows: [[Double]]

  /// Reads a table by its name.
  ///
  /// - Parameter name: The file's name, such as `normal.csv`.
  /// - Throws: What Foundation throws for a file that cannot be read.
  init(_ name: String) throws {
    let lines = try goldenLines(name)
    columns = lines.first?.split(separator: ",").map(String.init) ?? []
    rows = lines.dropFirst().map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
  }
}

/// `|value − expected|` over `|expected|`; 0 when both are 0.
func relativeError(_ value: Double, _ expected: Double) -> Double {
  value == expected ? 0 : abs(value - expected) / abs(expected)
}
