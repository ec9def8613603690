internal import Events

/// Rows of text in columns that line up.
struct TextTable {
  private var rows: [[String]]
  private let alignsRight: [Bool]

  /// A table with a heading.
  ///
  /// - Parameters:
  ///   - heading: The columns' names.
  ///   - alignsRight: For each column whether it holds numbers.
  init(_ heading: [String], alignsRight: [Bool]) {
    rows = [heading]
    self.alignsRight = alignsRight
  }

  mutating func append(_ row: [String]) {
    rows.append(row.map(visible))
  }

  var isEmpty: Bool { rows.count == 1 }

  /// The lines, indented by two spaces.
  var lines: [String] {
    let widths = alignsRight.indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      var line = " "
      for (column, text) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - text.count)
        line += " " + (alignsRight[column] ? padding + text : text + padding) + " "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
