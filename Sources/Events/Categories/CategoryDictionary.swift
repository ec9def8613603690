internal import CVector

/// Gives the known values of a category dense codes, column by column.
///
/// - **Equality**: of bytes, after escapes are resolved and numbers are written canonically: the
///   strings `"a"` and `"\u0061"` are one value, and so are the numbers `1`, `1.0` and `1e0`.
/// - **Cost**: an ordinary value costs one look-up of its bytes, and a comparison where it is that
///   of the row before. A spelling that needs to be resolved is remembered as an alias, up to ``aliasesMax``; beyond that it is resolved each
///   time.
/// - **Seed**: the hash has a random seed, so that nobody can send values that collide; codes do
///   not depend on it.
@safe
public struct CategoryDictionary: ~Copyable, @unchecked Sendable {
  // Unchecked: the table belongs to this value alone.

  /// The code of a value that is not known.
  @inlinable public static var unseen: UInt32 { .max - 1 }
  /// The code of a value that is missing or `null`.
  @inlinable public static var absent: UInt32 { .max - 2 }
  /// The code of a value that is no category: an object, an array, a number beyond a double's
  /// range, a token that is too long or of a kind that is not accepted.
  @inlinable public static var invalid: UInt32 { .max - 3 }
  /// The most spellings that are remembered beyond those of the known values.
  public static let aliasesMax = 4096

  /// The known values; a value's index is its code.
  public let known: [[UInt8]]

  private var table: SpellingTable
  private var codes: [[UInt8]: UInt32] = [:]
  private var aliasCount = 0

  /// A dictionary of known values.
  ///
  /// - Parameter known: Distinct values as ``canonicalBytes(of:in:)`` gives them: text as UTF-8
  ///   without escapes, numbers as ``canonicalNumber(_:)``, booleans as `true` and `false`.
  public init(known: [[UInt8]]) {
    precondition(known.count < Int(CategoryDictionary.invalid), "\(known.count) values")
    self.known = known
    table = SpellingTable(capacity: known.count)
    for (code, value) in known.enumerated() {
      precondition(codes[value] == nil, "value \(code) is there twice")
      codes[value] = UInt32(code)
      table.insert(value, SpellingTable.plain, UInt32(code))
    }
  }

  /// The code of a value, by its canonical bytes.
  public func code(of value: [UInt8]) -> UInt32 {
    codes[value] ?? CategoryDictionary.unseen
  }

  /// Writes the code of each cell: of a known value its index, else ``unseen``, ``absent`` or
  /// ``invalid``.
  ///
  /// - Parameters:
  ///   - cells: A column, best in the form ``Schema/Form/token``.
  ///   - count: The number of cells.
  ///   - chunk: What the column was decoded from, with ``EventDecoder/padding`` bytes after its
  ///     end.
  ///   - kinds: The kinds of values that are categories here; others are invalid.
  ///   - codes: Takes `count` codes.
  /// - Complexity: O(`count`) look-ups.
  public mutating func encode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    accepting kinds: TokenKinds,
    into codes: UnsafeMutablePointer<UInt32>
  ) {
    let accepted = UInt64(kinds.rawValue)
    // Neighbouring rows often say the same: the row before need not be looked up again.
    var last = (spelling: SpellingTable.Key(), code: CategoryDictionary.unseen)
    for row in 0..<count {
      let bits = unsafe cells[row]
      guard bits >= Cell.firstReference, let start = chunk.baseAddress else {
        unsafe codes[row] = rareCode(Cell(bits: bits), kinds, chunk)
        continue
      }
      let kind = bits >> 49 & 3
      guard accepted >> kind & 1 != 0 else {
        unsafe codes[row] = CategoryDictionary.invalid
        continue
      }
      let offset = Int(truncatingIfNeeded: bits >> 20 & 0xFFF_FFFF)
      let length = Int(truncatingIfNeeded: bits & 0xF_FFFF)
      precondition(offset &+ length <= chunk.count, "reference beyond the chunk")
      let bytes = unsafe (start + offset).assumingMemoryBound(to: UInt8.self)
      // Kind and escape bit: a number's spelling is not a string's. Booleans are what they spell.
      let tag = bits >> 48 & 7
      let isPlain = tag == SpellingTable.plain || kind == UInt64(TokenKind.boolean.rawValue)
      let spelling = isPlain ? SpellingTable.plain : tag
      let key = unsafe SpellingTable.Key(bytes, length, spelling)
      if key == last.spelling {
        unsafe codes[row] = last.code
        continue
      }
      let code = unsafe table.find(key, bytes)
      if code != SpellingTable.notFound {
        unsafe codes[row] = code
      } else if isPlain {
        unsafe codes[row] = CategoryDictionary.unseen
      } else {
        unsafe codes[row] = learn(Cell(bits: bits), spelling, chunk)
      }
      if key.isWhole { last = unsafe (key, codes[row]) }
    }
  }

  /// The code of a spelling that must be resolved, which is remembered.
  @inline(never)
  private mutating func learn(
    _ cell: Cell,
    _ tag: UInt64,
    _ chunk: UnsafeRawBufferPointer
  ) -> UInt32 {
    guard let reference = cell.reference,
      let value = unsafe canonicalBytes(of: cell, in: chunk)
    else {
      return CategoryDictionary.invalid
    }
    let code = code(of: value)
    if aliasCount < CategoryDictionary.aliasesMax,
      reference.length <= SpellingTable.aliasBytesMax
    {
      aliasCount += 1
      unsafe table.insert(Array(reference.bytes(in: chunk)), tag, code)
    }
    return code
  }

  /// The code of a cell that is no reference.
  @inline(never)
  private func rareCode(
    _ cell: Cell,
    _ kinds: TokenKinds,
    _ chunk: UnsafeRawBufferPointer
  ) -> UInt32 {
    if cell == .missing || cell == .null {
      return CategoryDictionary.absent
    }
    let kind: TokenKinds = cell.isNumber ? .number : .boolean
    guard kinds.contains(kind), let value = unsafe canonicalBytes(of: cell, in: chunk) else {
      return CategoryDictionary.invalid
    }
    return code(of: value)
  }
}

/// Kinds of tokens, for what is accepted as a category.
public struct TokenKinds: OptionSet, Sendable {
  /// One bit a kind, at the place of its raw value.
  public let rawValue: UInt8

  /// The kinds with the given bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Strings.
  public static let string = TokenKinds(rawValue: 1 << TokenKind.string.rawValue)
  /// Numbers.
  public static let number = TokenKinds(rawValue: 1 << TokenKind.number.rawValue)
  /// Booleans.
  public static let boolean = TokenKinds(rawValue: 1 << TokenKind.boolean.rawValue)
  /// Every scalar.
  public static let all: TokenKinds = [.string, .number, .boolean]
}
