internal import CVector

/// Where the commas and brackets of a line stand outside its strings, found 64 bytes at a time.
///
/// It tells where an object or array ends without reading what it holds. That what it holds is right
/// is for whoever reads it: only quotes and brackets have found their partners.
///
/// - **Source**: the first stage of simdjson, G. Langdale and D. Lemire, "Parsing Gigabytes of JSON
///   per Second", 2019, §3.1.
/// - **Memory**: an eighth of the longest line's bytes, and 12 bytes for each of its opening brackets.
struct LineStructure {
  /// An opening bracket and its partner.
  struct Bracket {
    /// Its place.
    var start: Int32
    /// The place behind its partner.
    var end: Int32
    /// The next opening bracket that is not between them.
    var next: Int32
  }

  private var marks: [UInt64] = []
  private var brackets: [Bracket] = []
  /// How many of them are this line's.
  private var bracketCount = 0

  /// Of no line yet.
  init() {}

  /// Finds what divides a line.
  ///
  /// - Parameters:
  ///   - line: The line, with ``EventDecoder/padding`` readable bytes behind it, the first of which
  ///     ends it.
  ///   - nesting: How deep objects and arrays may stand in each other.
  /// - Returns: Whether all quotes and brackets have partners.
  mutating func fill(_ line: UnsafeBufferPointer<UInt8>, nesting: Int) -> Bool {
    let blocks = (line.count + 63) / 64
    if marks.count < blocks {
      marks.append(contentsOf: repeatElement(0, count: max(blocks - marks.count, marks.count)))
    }
    bracketCount = 0
    guard let base = line.baseAddress else { return false }
    return unsafe find(base, line.count, nesting)
  }

  private mutating func find(
    _ base: UnsafePointer<UInt8>,
    _ count: Int,
    _ nesting: Int
  ) -> Bool {
    var strings = StringMask()
    var open = OpenBrackets()
    let whole = count >> 6
    for block in 0..<(count &+ 63) >> 6 {
      var found = unsafe leeway_marks64(base + 64 &* block)
      if block == whole { found.keep(count & 63) }
      let outside = ~strings.inside(quotes: found.quotes, backslashes: found.backslashes)
      var brackets = found.brackets & outside
      if brackets != 0 {
        guard unsafe pair(&brackets, base, 64 &* block, nesting, &open) else { return false }
      }
      marks[block] = found.commas & outside | brackets
    }
    return open.last < 0 && !strings.isOpen
  }

  /// The brackets that lack their partners so far.
  private struct OpenBrackets {
    /// The last one; each has the one around it as its next one.
    var last: Int32 = -1
    var level = 0
  }

  /// Finds the partners of a block's brackets, and takes what is none out of the mask.
  ///
  /// - Parameters:
  ///   - mask: The brackets, a bit a byte.
  ///   - base: The line.
  ///   - first: Where the block begins.
  ///   - nesting: How deep brackets may stand in each other.
  ///   - open: Those that lack their partners before the block and behind it.
  /// - Returns: Whether none is alone or too deep.
  private mutating func pair(
    _ mask: inout UInt64,
    _ base: UnsafePointer<UInt8>,
    _ first: Int,
    _ nesting: Int,
    _ open: inout OpenBrackets
  ) -> Bool {
    // Of 64 bytes all may be opening brackets.
    if brackets.count < bracketCount &+ 64 {
      let none = Bracket(start: 0, end: 0, next: 0)
      brackets.append(contentsOf: repeatElement(none, count: max(64, brackets.count)))
    }
    var (last, level, count) = (open.last, open.level, bracketCount)
    let isRight = unsafe brackets.withUnsafeMutableBufferPointer { all in
      guard let all = all.baseAddress else { return false }
      var rest = mask
      while rest != 0 {
        let after = rest & (rest &- 1)
        let place = first &+ leeway_first64(rest)
        let byte = unsafe base[place]
        if byte | 0x20 == Byte.openObject {
          level &+= 1
          guard level <= nesting else { return false }
          unsafe all[count] = Bracket(start: Int32(truncatingIfNeeded: place), end: 0, next: last)
          last = Int32(truncatingIfNeeded: count)
          count &+= 1
        } else if byte | 0x20 != Byte.closeObject {
          mask ^= rest ^ after
        } else {
          guard last >= 0 else { return false }
          let partner = unsafe all + Int(last)
          // An opening bracket and its closing one differ in two bits.
          guard unsafe base[Int(partner.pointee.start)] ^ byte == 0x06 else { return false }
          level &-= 1
          last = unsafe partner.pointee.next
          unsafe partner.pointee.end = Int32(truncatingIfNeeded: place &+ 1)
          unsafe partner.pointee.next = Int32(truncatingIfNeeded: count)
        }
        rest = after
      }
      return true
    }
    (open.last, open.level, bracketCount) = (last, level, count)
    return isRight
  }

  /// Lends what was found.
  func withMarks<R>(_ body: (Marks) -> R?) -> R? {
    unsafe marks.withUnsafeBufferPointer { marks in
      unsafe brackets.withUnsafeBufferPointer { brackets in
        let brackets = unsafe UnsafeBufferPointer(rebasing: brackets[..<bracketCount])
        return unsafe marks.baseAddress.flatMap {
          unsafe body(Marks(marks: $0, brackets: brackets))
        }
      }
    }
  }

  /// What was found in a line.
  @unsafe
  struct Marks {
    /// Its commas and brackets outside strings, a bit a byte.
    let marks: UnsafePointer<UInt64>
    /// Its opening brackets, in order.
    let brackets: UnsafeBufferPointer<Bracket>

    /// The first opening bracket from a place on.
    func bracket(from place: Int) -> Int {
      var low = 0
      var high = unsafe brackets.count
      while low < high {
        let middle = (low + high) / 2
        if unsafe brackets[middle].start < place { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// The place behind the partner of the bracket at a place; `nil` where none stands there.
    @inline(never)
    func end(of place: Int) -> Int? {
      let index = unsafe bracket(from: place)
      guard unsafe index < brackets.count && Int(brackets[index].start) == place else { return nil }
      return unsafe Int(brackets[index].end)
    }
  }
}

extension leeway_marks {
  /// Forgets what is behind so many bytes.
  @inline(never)
  fileprivate mutating func keep(_ count: Int) {
    let kept: UInt64 = (1 << UInt64(count)) - 1
    quotes &= kept
    backslashes &= kept
    commas &= kept
    brackets &= kept
  }
}

/// Which bytes stand in strings, block by block.
private struct StringMask {
  /// All ones where the last block ended in a string.
  private var quoted: UInt64 = 0
  /// One where the next block's first byte is escaped.
  private var escaped: UInt64 = 0

  var isOpen: Bool { quoted != 0 }

  /// The bytes of strings, their opening quotes among them.
  @inline(__always)
  mutating func inside(quotes: UInt64, backslashes: UInt64) -> UInt64 {
    var inside = quotes
    guard quotes | backslashes | escaped != 0 else { return quoted }
    if backslashes | escaped != 0 { inside &= ~takeEscaped(backslashes) }
    // Each bit becomes the parity of those up to it.
    inside ^= inside &<< 1
    inside ^= inside &<< 2
    inside ^= inside &<< 4
    inside ^= inside &<< 8
    inside ^= inside &<< 16
    inside ^= inside &<< 32
    inside ^= quoted
    quoted = UInt64(bitPattern: Int64(bitPattern: inside) >> 63)
    return inside
  }

  /// The bytes behind a backslash that is not escaped itself.
  private mutating func takeEscaped(_ all: UInt64) -> UInt64 {
    let even: UInt64 = 0x5555_5555_5555_5555
    let backslashes = all & ~escaped
    let following = backslashes << 1 | escaped
    // Runs that begin at an odd place: adding carries over each of them to the place behind it.
    let odd = backslashes & ~even & ~following
    let (carried, isOverflow) = odd.addingReportingOverflow(backslashes)
    escaped = isOverflow ? 1 : 0
    return (even ^ carried << 1) & following
  }
}
