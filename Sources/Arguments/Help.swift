extension Command {
  /// The help of the command, in at most 80 columns where its words allow.
  public var help: String {
    var parts = [Self.wrapped("OVERVIEW: \(abstract)")]
    parts += paragraphs.map { $0.isVerbatim ? $0.text : Self.wrapped($0.text) }
    // An option and its value stay on one line.
    let usage = Self.wrapped("USAGE: \(synopsis(blank: "\u{1}"))", columns: 78, indent: "  ")
    parts.append(usage.replacing("\u{1}", with: " "))
    parts += tables.map { table in
      ([table.title + ":"] + table.rows.map(Self.row)).joined(separator: "\n")
    }
    if !subcommands.isEmpty { parts.append("'\(name) help <command>' shows what a command takes.") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func row(_ label: String, _ text: String) -> String {
    let column = String(repeating: " ", count: 26)
    let words = column + wrapped(text, columns: 54, indent: column)
    let first = "  \(label)"
    return first.count < 26 ? first + words.dropFirst(first.count) : "\(first)\n\(words)"
  }

  /// A text in lines of so many columns, where its words allow; all but the first are indented.
  private static func wrapped(_ text: String, columns: Int = 80, indent: String = "") -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n" + indent)
  }
}
