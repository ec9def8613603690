/// The rows of a batch, however it is written: what stands in its place in the event of each row.
///
/// | the field holds | a row is |
/// |---|---|
/// | an array | its element |
/// | an object with `shape` and `data` (or `values`) | so many numbers of the data, as an array |
/// | an array of such objects with a `name` each | an object of them |
/// | an object with `columns` (or `names`) and `data` (or `ndarray`, `tensor`) | an object by them |
/// | an object of arrays of one length | an object of their elements |
/// | a text of several lines | a line |
struct BatchRows {
  /// What a row takes of the cells: the one at `first + row * stride`.
  struct Column {
    var name: Range<Int>?
    var first: Int
    var stride: Int
    /// Whether the cells are elements without their brackets.
    var isArray: Bool
    /// Whether the cells are parts of a text.
    var isText = false
  }

  /// Why there are no rows.
  enum Flaw: Error {
    /// The value is no batch.
    case notBatch
    /// It is not JSON.
    case broken
  }

  /// How many rows there are.
  private(set) var count = 0
  private(set) var columns: [Column] = []
  private(set) var isNamed = false
  /// Whether a row's cell is an array whose elements have the names beside the cells.
  private(set) var isTable = false

  /// Finds the rows in a value whose brackets have their partners.
  ///
  /// - Parameters:
  ///   - value: Where it stands, and in what.
  ///   - reader: Reads the line.
  ///   - cells: Receives the places of the batch's values.
  /// - Throws: Why there are none.
  init(
    _ value: PathTree.Found,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) {
    let start = value.range.lowerBound
    switch unsafe reader.byte(start) {
    case Byte.openArray: try unsafe takeArray(value, reader, &cells)
    case Byte.openObject:
      guard let members = unsafe reader.members(of: start) else { throw .broken }
      guard try unsafe takeObject(members, reader, &cells) else {
        throw unsafe reader.isRight(value.range) ? .notBatch : .broken
      }
    case Byte.quote: unsafe takeText(value.range, reader, &cells)
    default: throw .notBatch
    }
  }

  // MARK: Shapes

  /// Takes an array: a row an element, a tensor whose shape stands beside it, or several tensors.
  private mutating func takeArray(
    _ array: PathTree.Found,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) {
    if unsafe Self.hasScalars(array.range, reader),
      unsafe reader.byte(array.parent) == Byte.openObject,
      let beside = unsafe reader.members(of: array.parent),
      let shape = unsafe reader.value(["shape"], of: beside),
      try unsafe takeTensor(shape, array.range, reader, name: nil, &cells)
    {
      return
    }
    let places = try unsafe Self.elements(of: array.range, reader, &cells)
    if try unsafe takeTensors(places, reader, &cells) { return }
    count = places.count
    columns = [Column(name: nil, first: places.lowerBound, stride: 1, isArray: false)]
  }

  /// Takes the lines of a text, as of comma-separated values; blank ones are none.
  private mutating func takeText(
    _ text: Range<Int>,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) {
    let first = cells.count
    var start = text.lowerBound + 1
    var place = start
    let end = text.upperBound - 1
    while place <= end {
      let isEscape = unsafe place + 1 < end && reader.byte(place) == Byte.backslash
      let isEnd = unsafe place == end || isEscape && [0x6E, 0x72].contains(reader.byte(place + 1))
      if isEnd {
        if place > start { cells.append(start..<place) }
        start = place + 2
      }
      place += isEscape ? 2 : 1
    }
    count = cells.count - first
    columns = [Column(name: nil, first: first, stride: 1, isArray: false, isText: true)]
  }

  /// Takes an array of objects that have a name and data each.
  private mutating func takeTensors(
    _ objects: Range<Int>,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Bool {
    for object in objects {
      let range = cells[object]
      guard unsafe reader.byte(range.lowerBound) == Byte.openObject,
        unsafe reader.hasMember("name", range.lowerBound),
        let members = unsafe reader.members(of: range.lowerBound),
        let name = unsafe reader.value(["name"], of: members),
        unsafe reader.byte(name.lowerBound) == Byte.quote,
        let data = unsafe reader.value(["data"], of: members),
        try unsafe takeData(data, members, reader, name: name, &cells)
      else {
        columns = []
        cells.remove(from: objects.upperBound)
        return false
      }
    }
    isNamed = !columns.isEmpty
    return isNamed
  }

  /// Takes the data of an object, by its shape where it has one.
  private mutating func takeData(
    _ data: Range<Int>,
    _ members: [BatchReader.Member],
    _ reader: BatchReader,
    name: Range<Int>?,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Bool {
    guard unsafe reader.byte(data.lowerBound) == Byte.openArray else { return false }
    try unsafe Self.check(members, except: data, reader)
    if let shape = unsafe reader.value(["shape"], of: members),
      unsafe Self.hasScalars(data, reader)
    {
      return try unsafe takeTensor(shape, data, reader, name: name, &cells)
    }
    let places = try unsafe Self.elements(of: data, reader, &cells)
    append(
      Column(name: name, first: places.lowerBound, stride: 1, isArray: false),
      rows: places.count
    )
    return true
  }

  /// Takes numbers side by side, so many a row as their shape says.
  private mutating func takeTensor(
    _ shape: Range<Int>,
    _ data: Range<Int>,
    _ reader: BatchReader,
    name: Range<Int>?,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Bool {
    guard unsafe reader.byte(shape.lowerBound) == Byte.openArray else { return false }
    let sizes = try unsafe Self.elements(of: shape, reader, &cells)
    let rows = sizes.isEmpty ? 0 : unsafe reader.natural(cells[sizes.lowerBound]) ?? 0
    cells.remove(from: sizes.lowerBound)
    guard rows > 0, let count = unsafe reader.flatCount(of: data.lowerBound), count > 0,
      count % rows == 0
    else { return false }
    let places = unsafe reader.rows(
      of: data.lowerBound,
      count: rows,
      width: count / rows,
      into: &cells
    )
    append(
      Column(name: name, first: places.lowerBound, stride: 1, isArray: sizes.count > 1),
      rows: rows
    )
    return true
  }

  /// Takes an object: a table, a tensor, or a column a member.
  private mutating func takeObject(
    _ members: [BatchReader.Member],
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Bool {
    let start = cells.count
    if let data = unsafe reader.value(["data", "ndarray", "values", "rows"], of: members) {
      if let names = unsafe reader.value(["columns", "names"], of: members),
        unsafe reader.byte(names.lowerBound) == Byte.openArray
      {
        guard unsafe reader.byte(data.lowerBound) == Byte.openArray else { return false }
        let isKnown = unsafe cells.names.areThose(reader.bytes(names))
        try unsafe Self.check(members, except: data, reader, knowing: isKnown ? names : nil)
        try unsafe takeTable(isKnown ? nil : names, data, reader, &cells)
        return true
      }
      if try unsafe takeData(data, members, reader, name: nil, &cells) { return true }
      columns = []
      cells.remove(from: start)
    }
    if let tensor = unsafe reader.value(["tensor"], of: members),
      unsafe reader.byte(tensor.lowerBound) == Byte.openObject
    {
      guard let inner = unsafe reader.members(of: tensor.lowerBound) else { throw .broken }
      if let values = unsafe reader.value(["values"], of: inner) {
        try unsafe Self.check(members, except: tensor, reader)
        return try unsafe takeData(values, inner, reader, name: nil, &cells)
      }
    }
    return try unsafe takeColumns(members, reader, &cells)
  }

  /// Takes rows whose columns are named beside them; those of another length are arrays still.
  ///
  /// - Parameters:
  ///   - names: The names; `nil` where they are the last table's.
  ///   - data: The rows.
  ///   - reader: Reads the line.
  ///   - cells: Receives the places of the rows.
  /// - Throws: Why there are none.
  private mutating func takeTable(
    _ names: Range<Int>?,
    _ data: Range<Int>,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) {
    isTable = true
    if let names {
      let places = try unsafe Self.elements(of: names, reader, &cells)
      let titles = places.map { cells[$0] }
      cells.remove(from: places.lowerBound)
      isTable =
        !titles.isEmpty && titles.allSatisfy { unsafe reader.byte($0.lowerBound) == Byte.quote }
      if isTable { unsafe cells.names.take(titles, of: names, reader.base) }
    }
    let rows = try unsafe Self.elements(of: data, reader, &cells)
    count = rows.count
    columns = [Column(name: nil, first: rows.lowerBound, stride: 1, isArray: false)]
  }

  /// Takes an object whose members are arrays of one length.
  private mutating func takeColumns(
    _ members: [BatchReader.Member],
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Bool {
    for member in members {
      guard unsafe reader.byte(member.value.lowerBound) == Byte.openArray else { return false }
      let places = try unsafe Self.elements(of: member.value, reader, &cells)
      guard columns.isEmpty || places.count == count else { return false }
      append(
        Column(name: member.key, first: places.lowerBound, stride: 1, isArray: false),
        rows: places.count
      )
    }
    isNamed = true
    return !columns.isEmpty
  }

  private mutating func append(_ column: Column, rows: Int) {
    count = columns.isEmpty ? rows : max(count, rows)
    columns.append(column)
  }

  // MARK: Looking

  private static func elements(
    of array: Range<Int>,
    _ reader: BatchReader,
    _ cells: inout BatchCells
  ) throws(Flaw) -> Range<Int> {
    guard let places = unsafe reader.elements(of: array.lowerBound, into: &cells) else {
      throw .broken
    }
    return places
  }

  /// Throws where a member that no row holds, and that is not known to be right, is not.
  private static func check(
    _ members: [BatchReader.Member],
    except taken: Range<Int>,
    _ reader: BatchReader,
    knowing known: Range<Int>? = nil
  ) throws(Flaw) {
    for member in members where member.value != taken && member.value != known {
      guard unsafe reader.isRight(member.value) else { throw .broken }
    }
  }

  /// Whether an array has elements, the first of which is neither an object nor an array.
  private static func hasScalars(_ array: Range<Int>, _ reader: BatchReader) -> Bool {
    let first = unsafe skipSpace(reader.base + array.lowerBound + 1).pointee
    return first != Byte.closeArray && first | 0x20 != Byte.openObject
  }
}
