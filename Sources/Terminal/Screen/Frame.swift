/// A screen as the bytes that a terminal draws it from (ECMA-48).
public struct Frame: Sendable {
  /// How a terminal shows things.
  public struct Style: Sendable, Equatable {
    /// Whether tones are shown; without them the text alone says everything.
    public var hasTones: Bool
    /// Whether characters beyond ASCII are shown.
    public var hasUnicode: Bool

    /// A terminal's style.
    ///
    /// - Parameter environment: Its variables: `NO_COLOR` and `TERM=dumb` leave tones out; without a
    ///   locale of UTF-8 characters are ASCII.
    public init(environment: [String: String]) {
      let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      hasTones = !isPlain && environment["TERM"] != "dumb"
      let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first {
        !$0.isEmpty
      }
      let name = locale?.lowercased() ?? ""
      hasUnicode = name.contains("utf-8") || name.contains("utf8")
    }
  }

  /// Takes the alternate screen and hides the cursor.
  public static let entering = Array("\u{1b}[?1049h\u{1b}[?25l\u{1b}[H\u{1b}[2J".utf8)
  /// Gives the screen and the cursor back.
  public static let leaving = Array("\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l".utf8)

  /// The bytes that draw a screen over what was there.
  public static func bytes(_ screen: Screen, _ style: Style) -> [UInt8] {
    var text = "\u{1b}[H"
    for (index, line) in screen.lines.enumerated() {
      if index > 0 { text += "\r\n" }
      for piece in line.pieces {
        let code = style.hasTones ? code(piece.tone) : nil
        if let code { text += "\u{1b}[\(code)m" }
        text += style.hasUnicode ? piece.text : ascii(piece.text)
        if code != nil { text += "\u{1b}[0m" }
      }
      // A full line leaves nothing to erase, and there erasing takes its last character away.
      if line.columns < line.width { text += "\u{1b}[K" }
    }
    return Array(text.utf8)
  }

  private static func code(_ tone: Tone) -> String? {
    switch tone {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .warning: "33"
    case .bad: "1;31"
    case .selected: "7"
    }
  }

  /// The text in ASCII, in as many columns.
  static func ascii(_ text: String) -> String {
    let known: [String: String] = [
      "█": "#", "░": ".", "…": "~", "–": "-", "▶": ">", "↑": "^", "↓": "v", "·": ".", "≤": "<",
      "µ": "u",
    ]
    return CellText.cells(text).reduce(into: "") { result, cell in
      let isASCII = cell.text.utf8.allSatisfy { $0 < 0x80 }
      result +=
        isASCII ? cell.text : known[cell.text] ?? String(repeating: "?", count: cell.columns)
    }
  }
}
