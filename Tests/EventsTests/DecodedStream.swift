import Events
import TestSupport

/// A decoded value, apart from the chunk that it was decoded from.
enum DecodedValue: Equatable {
  case missing, null, composite, overflow, tooLong, notFinite, notText, notJSON
  /// The bits of a double.
  case double(UInt64)
  case boolean(Bool)
  case string([UInt8])
  /// A number or boolean as it is written.
  case token(TokenKind, [UInt8])

  static func text(_ text: String) -> DecodedValue { .string(Array(text.utf8)) }
  static func number(_ number: Double) -> DecodedValue { .double(number.bitPattern) }
  static func numeral(_ token: String) -> DecodedValue { .token(.number, Array(token.utf8)) }

  init(_ cell: Cell, _ chunk: UnsafeRawBufferPointer) {
    switch cell {
    case .missing: self = .missing
    case .null: self = .null
    case .composite: self = .composite
    case .overflow: self = .overflow
    case .tooLong: self = .tooLong
    case .notFinite: self = .notFinite
    case .notText: self = .notText
    case .notJSON: self = .notJSON
    case .true: self = .boolean(true)
    case .false: self = .boolean(false)
    default:
      guard let reference = cell.reference else {
        self = .double(cell.bits)
        return
      }
      if reference.kind == .string {
        self = unsafe .string(canonicalBytes(of: cell, in: chunk) ?? [])
      } else {
        let bytes = unsafe chunk[reference.offset..<(reference.offset + reference.length)]
        self = unsafe .token(reference.kind, Array(bytes))
      }
    }
  }
}

/// A stream of lines, decoded to the end.
struct DecodedStream: Equatable {
  var rows: [[DecodedValue]] = []
  /// Number, offset and length of each row's line.
  var lines: [[Int]] = []
  var refused: [RefusedLine] = []
  var unusable: [UnusableValues] = []
  var linesSeen = 0
  var discovered: [String] = []
  var duplicateKeys = 0

  /// Decodes all of `bytes` as one chunk.
  init(
    _ bytes: [UInt8],
    _ schema: Schema,
    limits: DecodingLimits = DecodingLimits(),
    reading: JSONReading = .strict,
    rowCapacity: Int = EventColumns.defaultRowCapacity,
    padding: UInt8 = 0
  ) {
    var decoder = EventDecoder(schema: schema, limits: limits, reading: reading)
    decode(bytes, with: &decoder, rowCapacity: rowCapacity, padding: padding)
  }

  init(
    _ text: String,
    _ schema: Schema,
    limits: DecodingLimits = DecodingLimits(),
    reading: JSONReading = .strict
  ) {
    self.init(Array(text.utf8), schema, limits: limits, reading: reading)
  }

  init() {}

  /// Decodes one chunk and appends what it holds; numbers and offsets are the chunk's.
  mutating func decode(
    _ bytes: [UInt8],
    with decoder: inout EventDecoder,
    rowCapacity: Int = EventColumns.defaultRowCapacity,
    padding: UInt8 = 0,
    atStreamStart: Bool = true
  ) {
    var columns = EventColumns(slotCount: decoder.schema.slots.count, rowCapacity: rowCapacity)
    let padded = bytes + [UInt8](repeating: padding, count: EventDecoder.padding)
    unsafe padded.withUnsafeBytes { padded in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: padded[0..<bytes.count])
      var offset = 0
      repeat {
        unsafe offset = decoder.decode(
          chunk,
          from: offset,
          atStreamStart: atStreamStart,
          into: &columns
        )
        for row in 0..<columns.rowCount {
          rows.append(
            (0..<columns.slotCount).map { slot in
              unsafe DecodedValue(columns.cell(slot: slot, row: row), chunk)
            }
          )
          let line = columns.refusing(.late, row: row)
          lines.append([line.line, line.offset, line.length])
        }
        refused += columns.refused
        unusable += columns.unusable
        linesSeen += columns.linesSeen
      } while offset < chunk.count
    }
    discovered = decoder.discovered.map(\.description)
    duplicateKeys = decoder.duplicateKeys
  }

  /// The reasons of the refused lines.
  var reasons: [Refusal] { refused.map(\.reason) }
}

/// A schema of the given paths, all in one form.
func schema(_ paths: String..., form: Schema.Form = .value) throws -> Schema {
  Schema(slots: try paths.map { Schema.Slot(path: try FieldPath(parsing: $0), form: form) })
}

extension SeededGenerator {
  mutating func below(_ bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }

  mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < share
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
