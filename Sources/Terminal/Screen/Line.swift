/// How a piece of text stands out.
public enum Tone: Sendable, Equatable {
  /// As everything.
  case plain
  /// What is looked for first.
  case strong
  /// What is looked at last.
  case faint
  /// All is well.
  case good
  /// Something moved.
  case warning
  /// Something is broken, or drifted.
  case bad
  /// The row that the keys act on.
  case selected
}

/// One line of a screen: pieces of text of one tone each, never wider than it was made for.
public struct Line: Sendable, Equatable {
  /// A piece of text.
  public struct Piece: Sendable, Equatable {
    /// What stands there; no control characters.
    public var text: String
    /// How it stands out.
    public var tone: Tone
  }

  /// The pieces from left to right.
  public private(set) var pieces: [Piece] = []
  /// The columns that it takes.
  public private(set) var columns = 0
  /// The most columns.
  public let width: Int

  /// An empty line of at most `width` columns.
  init(width: Int) {
    self.width = max(0, width)
  }

  /// The text alone.
  public var text: String { pieces.reduce(into: "") { $0 += $1.text } }

  /// Appends text; what does not fit is cut.
  mutating func add(_ text: String, _ tone: Tone = .plain) {
    let (cut, used) = CellText.clipped(text, to: width - columns)
    guard used > 0 else { return }
    pieces.append(Piece(text: cut, tone: tone))
    columns += used
  }

  /// Appends text in a column of its own, with a space before it unless it is the first.
  mutating func addColumn(
    _ text: String,
    _ columns: Int,
    _ tone: Tone = .plain,
    isRight: Bool = true
  ) {
    if self.columns > 0 { add(" ", tone) }
    add(CellText.fitted(text, to: columns, isRight: isRight), tone)
  }

  /// Appends text at the right end, where there is room for it.
  mutating func addAtEnd(_ text: String, _ tone: Tone) {
    let needed = CellText.columns(text)
    guard columns + needed < width else { return }
    add(String(repeating: " ", count: width - columns - needed))
    add(text, tone)
  }

  /// The line with all of its text in one tone, to its full width.
  func filled(_ tone: Tone) -> Line {
    var line = Line(width: width)
    line.add(text, tone)
    line.add(String(repeating: " ", count: width - line.columns), tone)
    return line
  }
}
