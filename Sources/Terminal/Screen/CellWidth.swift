/// What a terminal may be given to show, and how many columns it takes.
///
/// Names and values come from events: nobody may send escape sequences by way of them, or text that
/// a terminal and this program measure differently.
struct CellText {
  /// One character as it is shown.
  struct Cell: Equatable {
    var text: String
    var columns: Int
  }

  /// The characters of a text, what is not fit to be shown replaced by a dot.
  static func cells(_ text: String) -> [Cell] { text.map { cell($0) } }

  /// The columns that a text takes.
  static func columns(_ text: String) -> Int { cells(text).reduce(0) { $0 + $1.columns } }

  /// A text cut or padded to a number of columns; what is cut ends with `…`.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - columns: How many columns it takes afterwards.
  ///   - isRight: Whether it is padded on the left.
  /// - Returns: The text in exactly so many columns.
  static func fitted(_ text: String, to columns: Int, isRight: Bool = false) -> String {
    guard columns > 0 else { return "" }
    let (cut, used) = clipped(text, to: columns)
    let padding = String(repeating: " ", count: columns - used)
    return isRight ? padding + cut : cut + padding
  }

  /// A text in at most a number of columns; what is cut ends with `…`.
  static func clipped(_ text: String, to columns: Int) -> (text: String, columns: Int) {
    let all = cells(text)
    let width = all.reduce(0) { $0 + $1.columns }
    if width <= columns { return (all.reduce(into: "") { $0 += $1.text }, width) }
    guard columns > 0 else { return ("", 0) }
    var cut = ""
    var used = 0
    for cell in all {
      guard used + cell.columns <= columns - 1 else { break }
      cut += cell.text
      used += cell.columns
    }
    return (cut + "…", used + 1)
  }

  private static func cell(_ character: Character) -> Cell {
    guard let base = character.unicodeScalars.first, isShown(base) else {
      return Cell(text: "·", columns: 1)
    }
    // Accents stay, at most two; joiners and selectors go.
    let marks = character.unicodeScalars.dropFirst()
      .filter {
        $0.properties.generalCategory == .nonspacingMark && !$0.properties.isVariationSelector
      }
      .prefix(2)
    var text = String(base)
    text.unicodeScalars.append(contentsOf: marks)
    return Cell(text: text, columns: isWide(base) ? 2 : 1)
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value >= 0x20 }
    // Halves of flags are measured differently everywhere.
    if (0x1F1E6...0x1F1FF).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .nonspacingMark, .enclosingMark, .spacingMark:
      return false
    default: return true
    }
  }

  /// East Asian wide and full-width characters (Unicode Standard Annex 11), and emoji.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}
