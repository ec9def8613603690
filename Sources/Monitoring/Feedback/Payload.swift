internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// What may leave of a prediction, kept until its outcome is known.
struct Payload: Equatable {
  /// The prediction's id, in its own spelling.
  var id: String
  /// The version; empty without one.
  var version: String
  /// The fields that may leave, as a JSON object.
  var features: [UInt8]
}

/// Where the parts of a payload stand in a batch.
struct PayloadPlan: Sendable {
  /// A field that may leave.
  private struct Field: Sendable {
    let slot: Int
    /// What stands before its value: `{"name":` of the first field, `,"name":` of others.
    let opening: [UInt8]
  }

  private let fields: [Field]
  /// The derived number of consent; `nil` where nobody has to agree.
  let consent: Int?

  /// `nil` where nothing goes out.
  init?(_ monitor: Monitor, _ builder: inout SchemaBuilder, _ derived: inout DerivedColumns) {
    guard !monitor.feedback.isEmpty else { return nil }
    var fields: [Field] = []
    for path in monitor.feedback.features {
      // What stands under one object in events stands alone in a row.
      let name =
        path.components.count == 2 && path.components[0] == "features"
        ? path.components[1] : path.description
      var json = JSONWriter()
      json.beginObject()
      json.name(name)
      let opening = fields.isEmpty ? json.bytes : [UInt8(ascii: ",")] + json.bytes.dropFirst()
      fields.append(Field(slot: builder.shown(path, .token), opening: opening))
    }
    self.fields = fields
    var consent: Int?
    if let number = monitor.feedback.consent { consent = derived.index(of: number, &builder) }
    self.consent = consent
  }

  /// What may leave of a row: the id, the version and the fields, each behind its length.
  ///
  /// - Complexity: One allocation, where the id and the version are strings without escapes.
  func payload(
    at row: Int,
    id: Int,
    version: Int?,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> [UInt8] {
    var count = fields.isEmpty ? 2 : 1
    for field in fields {
      let reference = columns.cell(slot: field.slot, row: row).reference
      count += field.opening.count
      count += unsafe reference?.bytes(in: chunk).count ?? Self.null.count
      if reference?.kind == .string { count += 2 }
    }
    var writer = ByteWriter(reservingCapacity: count + Self.headCapacity)
    unsafe write(columns.cell(slot: id, row: row), of: chunk, into: &writer)
    if let version {
      unsafe write(columns.cell(slot: version, row: row), of: chunk, into: &writer)
    } else {
      writer.write(varint: 0)
    }
    writer.write(varint: UInt64(count))
    for field in fields {
      writer.write(raw: field.opening)
      guard let reference = columns.cell(slot: field.slot, row: row).reference else {
        writer.write(raw: Self.null)
        continue
      }
      if reference.kind == .string { writer.write(byte: Self.quote) }
      unsafe writer.write(raw: reference.bytes(in: chunk))
      if reference.kind == .string { writer.write(byte: Self.quote) }
    }
    if fields.isEmpty { writer.write(raw: Array("{".utf8)) }
    writer.write(byte: UInt8(ascii: "}"))
    return writer.bytes
  }

  /// Writes a cell's text behind its length; nothing where it is no scalar.
  private func write(
    _ cell: Cell,
    of chunk: UnsafeRawBufferPointer,
    into writer: inout ByteWriter
  ) {
    if let reference = cell.reference, reference.kind == .string, !reference.isEscaped {
      let bytes = unsafe reference.bytes(in: chunk)
      writer.write(varint: UInt64(bytes.count))
      unsafe writer.write(raw: bytes)
    } else {
      unsafe writer.write(bytes: canonicalBytes(of: cell, in: chunk) ?? [])
    }
  }

  /// Room for the id, the version and lengths: those of most events, and no limit.
  private static let headCapacity = 48
  private static let null = Array("null".utf8)
  private static let quote = UInt8(ascii: "\"")
}

extension Payload {
  /// Reads what a `PayloadPlan` wrote; `nil` of anything else.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let id = try? reader.readBytes(), let version = try? reader.readBytes(),
      let features = try? reader.readBytes()
    else { return nil }
    self.id = String(decoding: id, as: UTF8.self)
    self.version = String(decoding: version, as: UTF8.self)
    self.features = features
  }
}
