/// How events stand in a stream of bytes, as its first bytes say.
public enum StreamLayout: Sendable, Equatable {
  /// An event is a line.
  case lines
  /// Events are objects in an array, one after the other, or over many lines.
  case objects

  /// How many of the first bytes decide, at most.
  public static var headBytes: Int { 1 << 12 }

  /// Decides by the first bytes.
  ///
  /// A first object that ends in its line, with nothing behind it, is a line. What has lost its end,
  /// so that the next line begins in it, is one, too: it is refused, and the rest is read.
  ///
  /// - Parameters:
  ///   - head: The first bytes, of which no more than ``headBytes`` are looked at.
  ///   - isAll: Whether no more come.
  /// - Returns: The layout; `nil` where more bytes are needed.
  public static func decide(_ head: some Collection<UInt8>, isAll: Bool) -> StreamLayout? {
    let isAll = isAll || head.count >= headBytes
    // Of one type, so that a byte costs no call.
    var bytes = Array(head.prefix(headBytes))[...]
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if bytes.starts(with: mark) { bytes = bytes.dropFirst(3) }
    bytes = bytes.drop { [Byte.space, Byte.tab, Byte.newline, Byte.carriageReturn].contains($0) }
    switch bytes.first {
    case Byte.openArray:
      let next = bytes.dropFirst().first { $0 > Byte.space && $0 != Byte.openArray }
      guard let next else { return isAll ? .lines : nil }
      return next == Byte.openObject ? .objects : .lines
    case Byte.openObject: return decide(object: bytes, isAll: isAll)
    case nil: return isAll ? .lines : nil
    default: return .lines
    }
  }

  private static func decide(
    object bytes: ArraySlice<UInt8>,
    isAll: Bool
  ) -> StreamLayout? {
    var scanner = ObjectScanner()
    var hasNewline = false
    var hasEnded = false
    // What stood before, to tell a line that was cut off from an object of many lines.
    var last = Byte.space
    for byte in bytes {
      if hasEnded {
        if byte == Byte.newline { return hasNewline ? .objects : .lines }
        if byte == Byte.openObject { return .objects }
        if byte > Byte.space { return hasNewline ? .objects : .lines }
        continue
      }
      // A string does not go over lines: the line was cut off.
      if byte == Byte.newline, scanner.isInText { return .lines }
      switch scanner.take(byte) {
      case .ended: hasEnded = true
      case .broken: return .lines
      case .between, .inside:
        if byte == Byte.newline { hasNewline = true }
        // In an object no brace follows a brace, or a bracket, or another value.
        let isOpening = byte == Byte.openObject && !scanner.isInText
        if isOpening, hasNewline, last == Byte.closeObject || last == Byte.quote { return .lines }
        if byte > Byte.space { last = byte }
      }
    }
    if hasEnded { return hasNewline ? .objects : isAll ? .lines : nil }
    return isAll ? hasNewline ? .objects : .lines : nil
  }
}
