/// How events stand in the lines of a log: behind a prefix, inside a string, many in one line.
///
/// Of a plain log, an event a line, nothing is set.
public struct EventShape: Sendable, Equatable {
  /// What stands before the object of a line; `nil` where nothing does.
  public var prefix: LinePrefix?
  /// The fields whose texts are JSON and are read as such, those further up first.
  public var wrapped: [WrappedField]
  /// The fields whose rows are a prediction each; of several the first rows belong together, the
  /// second ones, and so on.
  public var batches: [FieldPath]

  /// A shape of the given parts.
  public init(
    prefix: LinePrefix? = nil,
    wrapped: [WrappedField] = [],
    batches: [FieldPath] = []
  ) {
    self.prefix = prefix
    self.wrapped = wrapped
    self.batches = batches
  }

  /// Whether lines are read as they are.
  public var isPlain: Bool { prefix == nil && wrapped.isEmpty && batches.isEmpty }
}

/// A field whose text is JSON.
public struct WrappedField: Sendable, Hashable {
  /// How the text is written.
  public enum Encoding: String, Sendable, CaseIterable {
    /// As it is.
    case text
    /// As RFC 4648's base64, with or without its padding.
    case base64
  }

  /// Where the text stands.
  public var path: FieldPath
  /// How it is written.
  public var encoding: Encoding

  /// A field.
  public init(path: FieldPath, encoding: Encoding = .text) {
    self.path = path
    self.encoding = encoding
  }
}

/// What may stand before the object of a line, or of a text that is unwrapped.
public enum LinePrefix: String, Sendable, CaseIterable {
  /// Kubernetes' container runtime: `2026-01-31T12:00:00.0Z stdout F `.
  case cri
  /// Docker Compose: `service-1  | `.
  case compose
  /// Any text without a brace, as loggers write: `INFO:root: `.
  case text

  /// Whether a text is a part that the container runtime has cut off before its end, and that nobody
  /// has joined to the others.
  func isPartial(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard self == .cri else { return false }
    if let line = ContainerLine(bytes) { return line.isPart }
    let words = bytes.prefix(64).split(separator: Byte.space, maxSplits: 3)
    return words.count >= 3 && words[0].contains(UInt8(ascii: "T"))
      && words[1].starts(with: "std".utf8) && words[2].first == UInt8(ascii: "P")
  }

  /// The bytes of the prefix at the start of a text; 0 where there is none.
  public func length(in bytes: ArraySlice<UInt8>) -> Int {
    if self == .cri, let line = ContainerLine(bytes), !line.isPart, line.text < bytes.count,
      bytes[bytes.startIndex + line.text] == Byte.openObject
    {
      return line.text
    }
    guard let brace = bytes.firstIndex(of: Byte.openObject) else { return 0 }
    let before = bytes[..<brace]
    let length = before.count
    switch self {
    case .text: return length
    case .compose:
      let end = before.lastIndex { $0 != Byte.space }
      return end.map { before[$0] == UInt8(ascii: "|") } == true ? length : 0
    case .cri:
      let words = before.split(separator: Byte.space)
      guard words.count == 3, words[0].contains(UInt8(ascii: "T")), words[1].starts(with: [0x73]),
        words[2].first == UInt8(ascii: "F")
      else { return 0 }
      return length
    }
  }
}
