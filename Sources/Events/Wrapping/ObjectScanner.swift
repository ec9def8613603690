/// Walks objects that do not stand a line each: in an array, one after the other, over many lines.
///
/// It looks at brackets and quotes, and leaves the rest to whoever reads the objects. An object that
/// has lost its end is left where a line begins with a brace in the place of a key.
public struct ObjectScanner: Sendable {
  /// Where a byte stands.
  public enum State: Sendable {
    /// Between objects: white space, a comma, a bracket of the array.
    case between
    /// In an object, or in what stands where one should.
    case inside
    /// It is the last byte of an object.
    case ended
    /// It begins another object, before this one has ended.
    case broken
  }

  /// Of each object and array that is open, whether it is an object.
  private var open: [Bool] = []
  private var isQuoted = false
  private var isEscaped = false
  private var isStray = false
  /// The last byte that is no white space, and whether a line has just begun.
  private var last = Byte.comma
  private var isLineStart = false

  /// Between objects.
  public init() {}

  /// Whether nothing is open.
  public var isBetween: Bool { open.isEmpty && !isStray }

  /// Whether the last byte is in a string.
  var isInText: Bool { isQuoted }

  /// Takes the next bytes.
  ///
  /// - Parameters:
  ///   - bytes: The bytes so far and the next ones.
  ///   - start: Where the next ones begin.
  /// - Returns: Where the last object ends, with what stands between it and the next one; `nil` where
  ///   the next bytes are all of one object.
  public mutating func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var end: Int?
    for index in start..<bytes.count {
      let byte = unsafe bytes[index]
      switch take(byte) {
      case .inside: continue
      case .between, .ended: end = index + 1
      case .broken:
        end = index
        _ = take(byte)
      }
    }
    return end
  }

  /// Takes bytes up to the end of the object that they go on with.
  ///
  /// - Returns: Where it ends; `nil` where all bytes are of it.
  public mutating func firstEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
    for index in bytes.indices {
      switch take(unsafe bytes[index]) {
      case .inside: continue
      case .between, .ended: return index + 1
      case .broken: return index
      }
    }
    return nil
  }

  /// Takes the next byte; where it breaks an object off it has to be taken again.
  ///
  /// - Parameter byte: The byte.
  /// - Returns: Where it stands.
  public mutating func take(_ byte: UInt8) -> State {
    open.isEmpty ? takeBetween(byte) : takeInside(byte)
  }

  private mutating func reset() {
    open.removeAll(keepingCapacity: true)
    isQuoted = false
    isEscaped = false
    isStray = false
    isLineStart = false
  }

  private mutating func takeInside(_ byte: UInt8) -> State {
    if isQuoted {
      if isEscaped {
        isEscaped = false
      } else if byte == Byte.backslash {
        isEscaped = true
      } else if byte == Byte.quote || byte == Byte.newline {
        // A string does not go over lines: one that does has lost its end.
        isQuoted = false
        isLineStart = byte == Byte.newline
      }
      return .inside
    }
    switch byte {
    case Byte.newline:
      isLineStart = true
      return .inside
    case Byte.space, Byte.tab, Byte.carriageReturn:
      isLineStart = false
      return .inside
    case Byte.quote: isQuoted = true
    case Byte.openObject:
      if isLineStart, open.last == true, last != Byte.colon {
        reset()
        return .broken
      }
      open.append(true)
    case Byte.openArray: open.append(false)
    case Byte.closeObject, Byte.closeArray:
      open.removeLast()
      if open.isEmpty {
        reset()
        return .ended
      }
    default: break
    }
    last = byte
    isLineStart = false
    return .inside
  }

  private mutating func takeBetween(_ byte: UInt8) -> State {
    switch byte {
    case Byte.openObject:
      if isStray {
        isStray = false
        return .broken
      }
      open.append(true)
      last = byte
      return .inside
    case Byte.newline, Byte.comma, Byte.closeArray, Byte.openArray:
      if isStray {
        isStray = false
        return .ended
      }
      return .between
    case Byte.space, Byte.tab, Byte.carriageReturn: return isStray ? .inside : .between
    default:
      isStray = true
      return .inside
    }
  }
}
