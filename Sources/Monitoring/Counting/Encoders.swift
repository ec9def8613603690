internal import Events

/// Gives the categories of one signal dense codes.
///
/// A class, because the dictionary under it cannot be copied and arrays copy.
final class CategoryEncoder {
  private var dictionary: CategoryDictionary
  private let kinds: TokenKinds

  init(_ reference: CategoryReference) {
    dictionary = CategoryDictionary(known: reference.values)
    kinds = reference.kinds
  }

  /// Writes the code of each cell: an index of the reference's values, or one of
  /// `CategoryDictionary`'s special codes.
  func encode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    into codes: UnsafeMutablePointer<UInt32>
  ) {
    unsafe dictionary.encode(cells, count: count, chunk: chunk, accepting: kinds, into: codes)
  }
}

/// Gives the values of one dimension codes, new ones included.
///
/// Codes are of use for one batch; `value(of:)` says what they stand for. A value that is new to
/// the worker is remembered, up to a limit that bounds memory and changes nothing but speed.
final class DimensionEncoder {
  private var dictionary: CategoryDictionary
  /// Values that are not remembered, of the current batch.
  private var passing: [[UInt8]: UInt32] = [:]
  private var passingValues: [[UInt8]] = []
  /// The codes of the current batch that stand for values whose names were shortened.
  private(set) var shortened: Set<UInt32> = []

  /// How many values a worker remembers.
  static let rememberedValues = 256

  init(_ dimension: Dimension) {
    dictionary = CategoryDictionary(known: dimension.known)
  }

  /// Writes the code of each cell.
  func encode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    into codes: UnsafeMutablePointer<UInt32>
  ) {
    passing.removeAll(keepingCapacity: true)
    passingValues.removeAll(keepingCapacity: true)
    if !shortened.isEmpty { shortened = [] }
    unsafe dictionary.encode(cells, count: count, chunk: chunk, accepting: .all, into: codes)
    for row in 0..<count where unsafe codes[row] == CategoryDictionary.unseen {
      let bytes = unsafe canonicalBytes(of: Cell(bits: cells[row]), in: chunk) ?? []
      let short = DimensionValue.shortened(bytes)
      unsafe codes[row] = code(of: short ?? bytes)
      if short != nil { unsafe shortened.insert(codes[row]) }
    }
  }

  /// The code of a value that the dictionary does not know by its spelling; a shortened one it may.
  private func code(of name: [UInt8]) -> UInt32 {
    if let code = passing[name] { return code }
    let known = dictionary.code(of: name)
    if known != CategoryDictionary.unseen { return known }
    let code = UInt32(dictionary.known.count + passingValues.count)
    passing[name] = code
    passingValues.append(name)
    return code
  }

  /// What a code of the last batch stands for.
  func value(of code: UInt32) -> DimensionValue {
    if code == CategoryDictionary.absent || code == CategoryDictionary.invalid { return .absent }
    let index = Int(code)
    if index < dictionary.known.count { return .value(dictionary.known[index]) }
    return .value(passingValues[index - dictionary.known.count])
  }

  /// Remembers the batch's new values, so that the next batches find them at once.
  func remember() {
    let room = Self.rememberedValues - dictionary.known.count
    guard room > 0, !passingValues.isEmpty else { return }
    dictionary = CategoryDictionary(known: dictionary.known + passingValues.prefix(room))
    passingValues = []
    passing = [:]
  }
}
