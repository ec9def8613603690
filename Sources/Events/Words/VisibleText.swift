/// A text as one line that shows all that is in it.
///
/// Names and values come from events, and whoever reads words of them reads them in a terminal: what
/// would steer it, break the line or turn the direction of what stands beside is written as
/// `\u{1b}`. All words for people pass here; JSON has escapes of its own.
///
/// - Parameter text: A name, a value, or a line with some in it.
/// - Returns: The line; the same again when it is given to this once more.
public func visible(_ text: String) -> String { visible(text, keeping: []) }

/// A text of lines that show all that is in them: its newlines and tabs stay.
///
/// - Parameter text: Lines that were put together of names and values that are visible.
/// - Returns: The lines.
public func visibleLines(_ text: String) -> String { visible(text, keeping: ["\n", "\t"]) }

/// Whether a character shows as what it is, where it is.
///
/// - Parameter scalar: The character.
/// - Returns: `false` for control characters (C0, DEL, C1), separators of lines and paragraphs, and
///   marks that turn the direction of text (Unicode Standard Annex 9), isolate it or show as nothing.
public func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE007F:
    false
  default: true
  }
}

private func visible(_ text: String, keeping kept: [Unicode.Scalar]) -> String {
  guard !text.unicodeScalars.allSatisfy({ isVisible($0) || kept.contains($0) }) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if isVisible(scalar) || kept.contains(scalar) {
      shown.unicodeScalars.append(scalar)
    } else {
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
  return shown
}
