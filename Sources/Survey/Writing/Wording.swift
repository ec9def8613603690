internal import Events
internal import Records

/// A number with up to four digits that count.
func plain(_ number: Double) -> String {
  guard number.isFinite else { return "\(number)" }
  if number == number.rounded(), abs(number) < 1e15 { return grouped(Int(number)) }
  guard abs(number) < 1e6, abs(number) >= 1e-4 else { return "\(number)" }
  var places = 0
  var scaled = abs(number)
  while scaled < 1_000, places < 7 {
    scaled *= 10
    places += 1
  }
  var power = 1.0
  for _ in 0..<places { power *= 10 }
  let rounded = (number * power).rounded() / power
  return rounded == rounded.rounded() ? grouped(Int(rounded)) : "\(rounded)"
}

/// A share as percent: 2 %, 0.3 %, below 0.1 %.
func percent(_ share: Double) -> String {
  let value = share * 100
  if value > 0, value < 0.1 { return "below 0.1 %" }
  let rounded = (value * 10).rounded() / 10
  return (rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") + " %"
}

/// A value in a comment: short, without characters that a file must not hold.
func shown(_ value: String, _ length: Int = 24) -> String {
  let text = visible(String(String.UnicodeScalarView(value.unicodeScalars.prefix(length))))
  return value.unicodeScalars.count > length ? text + "…" : text
}

/// Whether a character may stand in a monitor file.
func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  isVisible(scalar)
}

/// The most frequent values of a field, up to four.
func listed(_ record: FieldRecord) -> String {
  let values = record.frequentValues
  return values.prefix(4).map { shown($0) }.joined(separator: ", ")
    + (values.count > 4 ? ", …" : "")
}

/// A text as a string of the expression language.
func quoted(_ text: String) -> String {
  "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}

/// A path as an expression writes it.
func expression(_ path: FieldPath) -> String { FieldPathText.expression(path) }

/// How paths are written in expressions, where the first key may not start with a digit.
enum FieldPathText {
  private static let reserved: Set<String> = ["and", "or", "not", "in", "is", "true", "false"]

  /// Whether a monitor file can hold the path.
  static func isWritable(_ path: FieldPath) -> Bool {
    path.components.allSatisfy { $0.unicodeScalars.allSatisfy(isPrintable) && !$0.contains("${") }
      && path.components.first?.isEmpty == false
      && path.components.allSatisfy { $0.utf8.count <= 200 }
  }

  static func expression(_ path: FieldPath) -> String {
    var text = path.components.enumerated().map { index, key in
      let isWord = !key.isEmpty && key.utf8.allSatisfy(continuesWord)
      if index > 0 { return isWord ? key : quoted(key) }
      let startsDigit = key.utf8.first.map { (0x30...0x39).contains($0) } ?? true
      return isWord && !startsDigit && !reserved.contains(key)
        ? key : "`" + key.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
    }
    if path.isWildcard { text.append("*") }
    return text.joined(separator: ".")
  }

  private static func continuesWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    default: byte >= 0x80
    }
  }
}

/// A text as a YAML scalar: plain where that is safe, else in single quotes.
func yamlScalar(_ text: String) -> String {
  let isPlain =
    text.utf8.first.map { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F } ?? false
    && text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D: true
      default: false
      }
    }
  let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
  guard !isPlain || words.contains(text.lowercased()) else { return text }
  return "'" + text.replacing("'", with: "''") + "'"
}

/// An expression as a YAML scalar: plain where nothing in it means something to YAML.
func yamlExpression(_ text: String) -> String {
  let isPlain =
    text.utf8.first.map { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) } ?? false
    && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":")
    && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0 != "{" && $0 != "}" }
  return isPlain ? text : "'" + text.replacing("'", with: "''") + "'"
}
