/// The text without its marker `§`, and the marker's line and column.
public func unmark(_ marked: String) -> (text: String, line: Int, column: Int)? {
  var line = 1
  var column = 1
  for scalar in marked.unicodeScalars {
    if scalar == "§" {
      return (
        String(String.UnicodeScalarView(marked.unicodeScalars.filter { $0 != "§" })), line, column
      )
    }
    if scalar == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }
  return nil
}
