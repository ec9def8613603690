extension Command {
  /// The page `docs/commands.md`: the help of every command.
  public var reference: String {
    let sections = all.map { "\n## \($0.name)\n\n```text\n\($0.help)```\n" }
    return "# Commands\n\n`\(name) --generate-reference` writes this page.\n" + sections.joined()
  }

  /// The manual page of a command, in the macros of man(7).
  ///
  /// - Parameters:
  ///   - name: The command's, or that of one below it: `leeway replay` or `replay`.
  ///   - version: The program's version.
  /// - Returns: `nil` when there is no command of that name.
  public func manualPage(of name: String, version: String) -> String? {
    guard let command = all.first(where: { $0.name == name || $0.word == name }) else { return nil }
    let title = Self.roff(command.name.split(separator: " ").joined(separator: "-"))
    var lines = [
      ".TH \(title.uppercased()) 1 \"\" \"\(self.name) \(version)\"",
      ".SH NAME", "\(title) \\- \(Self.roff(command.abstract))",
      ".SH SYNOPSIS", Self.roff(command.synopsis()), ".SH DESCRIPTION", Self.roff(command.abstract),
    ]
    for paragraph in command.paragraphs {
      lines += [".PP", ".nf"].prefix(paragraph.isVerbatim ? 2 : 1)
      lines += paragraph.text.split(separator: "\n").map { Self.roff(String($0)) }
      if paragraph.isVerbatim { lines.append(".fi") }
    }
    for (title, rows) in command.tables {
      lines.append(".SH \(title)")
      for row in rows { lines += [".TP", "\\fB\(Self.roff(row.label))\\fR", Self.roff(row.text)] }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line of text as roff shows it: no escape, no request, hyphens that can be copied.
  private static func roff(_ text: String) -> String {
    let escaped = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : "\($0)" }.joined()
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
