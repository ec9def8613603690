internal import Events
internal import Expressions
internal import Sketches

/// The classes that predictions and outcomes are of, and the numbers that rows have for them.
///
/// The code of a class is a hash of its name, so that it is the same in every process and in every
/// list of classes. All classes that are not listed are one.
struct ClassCodes: Sendable {
  /// The listed classes, then that of all others.
  let names: [String]
  /// A hash of the list, by which kept scores are known to be in its order.
  let listHash: UInt64
  private let codes: [[UInt8]: Double]
  private let places: [Double: Int]

  /// The code of what is not listed.
  static let other = 0.0

  /// - Parameter listed: The classes, each once, as they are written.
  init(_ listed: [String]) {
    names = listed + [otherClassName]
    let all = listed.map { Array($0.utf8) }
    codes = Dictionary(zip(all, all.map { Self.code(of: $0) })) { one, _ in one }
    places = Dictionary(zip(all.map { Self.code(of: $0) }, all.indices)) { one, _ in one }
    var writer = ByteWriter()
    for name in all { writer.write(bytes: name) }
    listHash = StableHash.hash(writer.bytes.span)
  }

  /// The code of a class: 53 bits of a hash, so that it is a whole number, 1 at least.
  private static func code(of name: [UInt8]) -> Double {
    Double(max(StableHash.hash(name.span) >> 11, 1))
  }

  /// The place of a code among the names.
  func place(of code: Double) -> Int { places[code] ?? names.count - 1 }

  /// The code of a listed class.
  func code(at place: Int) -> Double { codes[Array(names[place].utf8)] ?? Self.other }

  /// The code of the class that a cell of values holds; `nil` where it is missing or no scalar.
  func read(_ cell: Cell, in chunk: UnsafeRawBufferPointer) -> Double? {
    guard let bytes = unsafe canonicalBytes(of: cell, in: chunk) else { return nil }
    return codes[bytes] ?? Self.other
  }
}

/// Where it stands in a batch how likely a prediction calls each class.
struct ClassScores: Sendable {
  /// The columns, in the order of the classes.
  private let slots: [Int]
  private let listHash: UInt64

  /// - Parameters:
  ///   - slots: The columns, one for each listed class.
  ///   - codes: The classes.
  init(slots: [Int], _ codes: ClassCodes) {
    self.slots = slots
    listHash = codes.listHash
  }

  /// The scores of a row; `nil` where one is no number.
  private func values(at row: Int, _ columns: borrowing EventColumns) -> [Double]? {
    var values: [Double] = []
    values.reserveCapacity(slots.count)
    for slot in slots {
      let cell = columns.cell(slot: slot, row: row)
      guard cell.isNumber else { return nil }
      values.append(cell.number)
    }
    return values
  }

  /// The place of the class with the greatest score, of equal ones the first; `nil` where a score is
  /// no number.
  func greatest(at row: Int, _ columns: borrowing EventColumns) -> Int? {
    values(at: row, columns).flatMap { values in
      values.indices.max { (values[$0], $1) < (values[$1], $0) }
    }
  }

  /// The scores of a row, as they are kept beside it; `nil` where one is no number.
  func kept(at row: Int, _ columns: borrowing EventColumns) -> [UInt8]? {
    guard let values = values(at: row, columns) else { return nil }
    var writer = ByteWriter(reservingCapacity: 8 * (slots.count + 1))
    writer.write(listHash)
    for value in values { writer.write(double: value) }
    return writer.bytes
  }

  /// Reads what ``kept(at:_:)`` wrote; `nil` where it is of another list of classes.
  static func values(_ bytes: [UInt8], _ codes: ClassCodes) -> [Double]? {
    var reader = ByteReader(bytes)
    guard let hash = try? reader.readFixed64(), hash == codes.listHash else { return nil }
    var values: [Double] = []
    for _ in 1..<codes.names.count {
      guard let value = try? reader.readDouble() else { return nil }
      values.append(value)
    }
    return values
  }
}
