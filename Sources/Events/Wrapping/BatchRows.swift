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
  /// What a row takes of the cells: `width` of them from `first + row * stride` on.
  private struct Column {
    var name: Range<Int>?
    var first: Int
    var stride: Int
    var width: Int
    /// Whether the cells stand in brackets also where there is one.
    var isArray: Bool
    /// Whether the cells are parts of a text.
    var isText = false
  }

  /// How many rows there are.
  private(set) var count = 0
  private var columns: [Column] = []
  private var isNamed = false

  /// Finds the rows in a value that is right; `nil` where it is no batch.
  ///
  /// - Parameters:
  ///   - value: Where it stands, and in what.
  ///   - base: The byte that ranges count from.
  ///   - cells: Receives the places of the batch's values.
  ///   - context: A decoder's, for its limits.
  init?(
    _ value: PathTree.Found,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) {
    let start = unsafe base + value.range.lowerBound
    switch unsafe start.pointee {
    case Byte.openArray:
      let first = cells.count
      unsafe appendElements(of: start, base, to: &cells, context)
      let places = first..<cells.count
      if unsafe takeTensors(places, base, &cells, context) { return }
      let shape =
        unsafe Self.isScalar(places, cells, base)
        ? Self.member("shape", of: value.parent, base, context) : nil
      if let shape, unsafe takeTensor(shape, places, base, name: nil, &cells, context) { return }
      count = places.count
      columns = [Column(name: nil, first: first, stride: 1, width: 1, isArray: false)]
    case Byte.openObject:
      guard unsafe takeObject(value.range.lowerBound, base, &cells, context) else { return nil }
    case Byte.quote: unsafe takeText(value.range, base, &cells)
    default: return nil
    }
  }

  // MARK: Shapes

  /// Takes the lines of a text, as of comma-separated values; blank ones are none.
  private mutating func takeText(
    _ text: Range<Int>,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>]
  ) {
    let first = cells.count
    var start = text.lowerBound + 1
    var place = start
    let end = text.upperBound - 1
    while place <= end {
      let isEscape = unsafe place + 1 < end && base[place] == Byte.backslash
      let isEnd = unsafe place == end || isEscape && [0x6E, 0x72].contains(base[place + 1])
      if isEnd {
        if place > start { cells.append(start..<place) }
        start = place + 2
      }
      place += isEscape ? 2 : 1
    }
    count = cells.count - first
    columns = [Column(name: nil, first: first, stride: 1, width: 1, isArray: false, isText: true)]
  }

  /// Takes an array of objects that have a name and data each.
  private mutating func takeTensors(
    _ places: Range<Int>,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    guard let head = places.first, unsafe base[cells[head].lowerBound] == Byte.openObject,
      unsafe Self.member("name", of: cells[head].lowerBound, base, context) != nil,
      unsafe Self.member("data", of: cells[head].lowerBound, base, context) != nil
    else { return false }
    for place in places {
      let object = cells[place].lowerBound
      guard unsafe base[object] == Byte.openObject,
        let name = unsafe Self.member("name", of: object, base, context),
        let data = unsafe Self.member("data", of: object, base, context),
        unsafe base[name.lowerBound] == Byte.quote,
        unsafe takeData(data, of: object, base, name: name, &cells, context)
      else {
        columns = []
        return false
      }
    }
    isNamed = true
    return true
  }

  /// Takes the data of an object, by its shape where it has one.
  private mutating func takeData(
    _ data: Range<Int>,
    of object: Int,
    _ base: UnsafePointer<UInt8>,
    name: Range<Int>?,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    guard unsafe base[data.lowerBound] == Byte.openArray else { return false }
    let first = cells.count
    unsafe appendElements(of: base + data.lowerBound, base, to: &cells, context)
    let places = first..<cells.count
    if let shape = unsafe Self.member("shape", of: object, base, context),
      unsafe Self.isScalar(places, cells, base)
    {
      return unsafe takeTensor(shape, places, base, name: name, &cells, context)
    }
    append(
      Column(name: name, first: first, stride: 1, width: 1, isArray: false),
      rows: places.count
    )
    return true
  }

  /// Takes numbers side by side, so many a row as their shape says.
  private mutating func takeTensor(
    _ shape: Range<Int>,
    _ places: Range<Int>,
    _ base: UnsafePointer<UInt8>,
    name: Range<Int>?,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    guard unsafe base[shape.lowerBound] == Byte.openArray else { return false }
    var sizes: [Range<Int>] = []
    unsafe appendElements(of: base + shape.lowerBound, base, to: &sizes, context)
    let rows = sizes.first.flatMap { unsafe Self.natural($0, base) } ?? 0
    guard rows > 0, places.count % rows == 0 else { return false }
    let width = places.count / rows
    append(
      Column(
        name: name,
        first: places.lowerBound,
        stride: width,
        width: width,
        isArray: sizes.count > 1
      ),
      rows: rows
    )
    return true
  }

  /// Takes an object: a table, a tensor, or a column a member.
  private mutating func takeObject(
    _ object: Int,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    let find = { (names: [StaticString]) -> Range<Int>? in
      for name in names {
        if let value = unsafe Self.member(name, of: object, base, context) { return value }
      }
      return nil
    }
    if let data = find(["data", "ndarray", "values", "rows"]) {
      if let names = find(["columns", "names"]), unsafe base[names.lowerBound] == Byte.openArray {
        return unsafe takeTable(names, data, base, &cells, context)
      }
      if unsafe takeData(data, of: object, base, name: nil, &cells, context) { return true }
      columns = []
    }
    if let tensor = find(["tensor"]), unsafe base[tensor.lowerBound] == Byte.openObject,
      let values = unsafe Self.member("values", of: tensor.lowerBound, base, context)
    {
      return unsafe takeData(values, of: tensor.lowerBound, base, name: nil, &cells, context)
    }
    return unsafe takeColumns(object, base, &cells, context)
  }

  /// Takes rows whose columns are named beside them; those of another length are left as arrays.
  private mutating func takeTable(
    _ names: Range<Int>,
    _ data: Range<Int>,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    guard unsafe base[data.lowerBound] == Byte.openArray else { return false }
    var titles: [Range<Int>] = []
    unsafe appendElements(of: base + names.lowerBound, base, to: &titles, context)
    let first = cells.count
    unsafe appendElements(of: base + data.lowerBound, base, to: &cells, context)
    let rows = first..<cells.count
    let inner = cells.count
    var isEven = titles.allSatisfy { unsafe base[$0.lowerBound] == Byte.quote }
    for (index, row) in rows.enumerated() where isEven {
      guard unsafe base[cells[row].lowerBound] == Byte.openArray else {
        isEven = false
        break
      }
      unsafe appendElements(of: base + cells[row].lowerBound, base, to: &cells, context)
      isEven = cells.count - inner == (index + 1) * titles.count
    }
    count = rows.count
    guard isEven, !titles.isEmpty else {
      columns = [Column(name: nil, first: first, stride: 1, width: 1, isArray: false)]
      return true
    }
    isNamed = true
    for (index, title) in titles.enumerated() {
      let place = inner + index
      columns.append(
        Column(name: title, first: place, stride: titles.count, width: 1, isArray: false)
      )
    }
    return true
  }

  /// Takes an object whose members are arrays of one length.
  private mutating func takeColumns(
    _ object: Int,
    _ base: UnsafePointer<UInt8>,
    _ cells: inout [Range<Int>],
    _ context: Context
  ) -> Bool {
    var isEven = true
    unsafe Self.eachMember(of: object, base, context) { name, value in
      guard isEven, unsafe base[value.lowerBound] == Byte.openArray else {
        isEven = false
        return true
      }
      let first = cells.count
      unsafe appendElements(of: base + value.lowerBound, base, to: &cells, context)
      let rows = cells.count - first
      isEven = columns.isEmpty || rows == count
      append(Column(name: name, first: first, stride: 1, width: 1, isArray: false), rows: rows)
      return !isEven
    }
    isNamed = true
    return isEven && !columns.isEmpty
  }

  private mutating func append(_ column: Column, rows: Int) {
    count = columns.isEmpty ? rows : max(count, rows)
    columns.append(column)
  }

  // MARK: Looking

  /// Whether there are elements, and the first one is neither an object nor an array.
  private static func isScalar(
    _ places: Range<Int>,
    _ cells: [Range<Int>],
    _ base: UnsafePointer<UInt8>
  ) -> Bool {
    guard let first = places.first else { return false }
    let byte = unsafe base[cells[first].lowerBound]
    return byte != Byte.openObject && byte != Byte.openArray
  }

  /// The whole number at a place.
  private static func natural(_ range: Range<Int>, _ base: UnsafePointer<UInt8>) -> Int? {
    let digits = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return Int(unsafe String(decoding: digits, as: UTF8.self))
  }

  /// The value of the member of an object, where the byte at `object` opens one.
  private static func member(
    _ name: StaticString,
    of object: Int,
    _ base: UnsafePointer<UInt8>,
    _ context: Context
  ) -> Range<Int>? {
    guard unsafe base[object] == Byte.openObject else { return nil }
    var found: Range<Int>?
    unsafe eachMember(of: object, base, context) { key, value in
      let spelling = unsafe UnsafeBufferPointer(
        start: base + key.lowerBound + 1,
        count: key.count - 2
      )
      if unsafe spelling.elementsEqual(
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
      ) {
        found = value
      }
      return found != nil
    }
    return found
  }

  /// Visits the members of an object that is right, until `body` says that it is done.
  private static func eachMember(
    of object: Int,
    _ base: UnsafePointer<UInt8>,
    _ context: Context,
    _ body: (_ key: Range<Int>, _ value: Range<Int>) -> Bool
  ) {
    var p = unsafe skipSpace(base + object + 1)
    while unsafe p.pointee == Byte.quote, let quote = unsafe scanString(p + 1, context) {
      let value = unsafe skipSpace(skipSpace(quote + 1) + 1)
      guard let end = unsafe skipValue(value, depth: 1, context) else { return }
      if unsafe body(p - base..<quote + 1 - base, value - base..<end - base) { return }
      unsafe p = skipSpace(end)
      guard unsafe p.pointee == Byte.comma else { return }
      unsafe p = skipSpace(p + 1)
    }
  }

  // MARK: Writing

  /// Appends what stands in the batch's place in the event of a row; `null` beyond the last one.
  func append(
    row: Int,
    of text: UnsafeBufferPointer<UInt8>,
    _ cells: [Range<Int>],
    to output: inout [UInt8]
  ) {
    guard row < count else {
      output.append(contentsOf: "null".utf8)
      return
    }
    if isNamed { output.append(Byte.openObject) }
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(Byte.comma) }
      if let name = column.name {
        unsafe output.append(contentsOf: text[name])
        output.append(Byte.colon)
      }
      let first = column.first + row * column.stride
      let range = cells[first].lowerBound..<cells[first + column.width - 1].upperBound
      if column.isText { output.append(Byte.quote) }
      if column.isArray { output.append(Byte.openArray) }
      unsafe output.append(contentsOf: text[range])
      if column.isArray { output.append(Byte.closeArray) }
      if column.isText { output.append(Byte.quote) }
    }
    if isNamed { output.append(Byte.closeObject) }
  }
}
