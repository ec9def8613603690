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
  /// The columns of the fields, with the names that they have outside.
  private let fields: [(slot: Int, name: String)]
  /// The derived number of consent; `nil` where nobody has to agree.
  let consent: Int?

  /// `nil` where nothing goes out.
  init?(_ monitor: Monitor, _ builder: inout SchemaBuilder, _ derived: inout DerivedColumns) {
    guard !monitor.feedback.isEmpty else { return nil }
    var fields: [(slot: Int, name: String)] = []
    for path in monitor.feedback.features {
      // What stands under one object in events stands alone in a row.
      let name =
        path.components.count == 2 && path.components[0] == "features"
        ? path.components[1] : path.description
      fields.append((builder.slot(path, .token), name))
    }
    self.fields = fields
    var consent: Int?
    if let number = monitor.feedback.consent { consent = derived.index(of: number, &builder) }
    self.consent = consent
  }

  /// What may leave of a row.
  func payload(
    at row: Int,
    id: Int,
    version: Int?,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> [UInt8] {
    func text(_ slot: Int) -> [UInt8] {
      unsafe canonicalBytes(of: columns.cell(slot: slot, row: row), in: chunk) ?? []
    }
    var json = JSONWriter()
    json.beginObject()
    for (slot, name) in fields {
      json.name(name)
      let cell = columns.cell(slot: slot, row: row)
      guard let reference = cell.reference else {
        json.value(raw: Self.null)
        continue
      }
      let bytes = unsafe Array(reference.bytes(in: chunk))
      json.value(raw: reference.kind == .string ? Self.quote + bytes + Self.quote : bytes)
    }
    json.endObject()
    var writer = ByteWriter()
    writer.write(bytes: text(id))
    writer.write(bytes: version.map(text) ?? [])
    writer.write(bytes: json.bytes)
    return writer.bytes
  }

  private static let null = Array("null".utf8)
  private static let quote = [UInt8(ascii: "\"")]
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
