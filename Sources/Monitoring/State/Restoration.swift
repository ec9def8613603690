internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// What of an engine outlives the process: written under names, read into a fresh one of any plan.
protocol Restorable {
  /// Writes all that changes.
  func encode(into writer: inout ByteWriter, _ plan: Plan)

  /// Takes over what was written, as far as the plan still has it.
  ///
  /// - Throws: `CodingError` where the bytes are none; what was taken over by then is of no use.
  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError)
}

/// A state on its way into a plan: what stays, and what is said of the rest.
struct Restoration {
  let plan: Plan
  let mapping: CountsMapping
  /// The rules that say the same as when the state was written.
  let unchangedRules: Set<String>
  private let ruleNames: Set<String>
  /// Whether the profile is the one that it was.
  var keepsProfile = true
  /// What began anew or was dropped, for people; each once.
  private(set) var notes: [String] = []

  /// What has the predictions that waited on the disk; `nil` where none did.
  let pending: (any PendingStore)?

  init(
    _ plan: Plan,
    _ mapping: CountsMapping,
    rules: [String: UInt64],
    pending: (any PendingStore)?
  ) {
    self.pending = pending
    self.plan = plan
    self.mapping = mapping
    let definitions = plan.ruleDefinitions
    ruleNames = Set(definitions.keys)
    unchangedRules = Set(definitions.filter { rules[$0.key] == $0.value }.keys)
  }

  /// Says what began anew or was dropped.
  mutating func note(_ text: String) {
    if !notes.contains(text) { notes.append(text) }
  }

  /// A part of the traffic as the plan knows it; `nil` where its dimension is gone.
  func part(_ part: PartName) -> PartName? {
    guard case .part(let index, let value) = part else { return part }
    return mapping.dimension(index).map { .part(dimension: $0, value) }
  }

  /// An alert as the plan knows it; `nil` where its rule, its part of the traffic or its signal is
  /// gone.
  func key(_ key: AlertKey) -> AlertKey? {
    guard ruleNames.contains(key.rule), let part = part(key.part) else { return nil }
    return AlertKey(rule: key.rule, part: part, signal: key.signal)
  }

  /// Whether values of a signal mean what they meant.
  func keeps(signal name: String) -> Bool {
    if name == eventsName || RefusedSignal(name) != nil { return true }
    guard name.hasPrefix(kpiPrefix) else { return mapping.keeps(name) }
    // A KPI is as it was where all that it is made of is.
    let parts = plan.kpis.first { $0.name == name }?.signals ?? []
    return !parts.isEmpty && parts.allSatisfy { mapping.keeps($0.name) }
  }
}

extension Plan {
  /// A hash of what each rule says, by its name.
  var ruleDefinitions: [String: UInt64] {
    var definitions: [String: UInt64] = [:]
    for rule in monitor.rules {
      let by = rule.by.map { "\($0)" }.sorted().joined(separator: ",")
      definitions[rule.alert] = Self.definition(
        "\(rule.expression.expression) in \(rule.window) by \(by) at \(rule.confidence) "
          + "\(rule.falseDiscoveryRate ?? 0)\(rule.isBoundless ? " without bounds" : "")"
      )
    }
    for rule in monitor.burnRules { definitions[rule.alert] = Self.definition("burn \(rule.slo)") }
    for rule in monitor.silenceRules {
      definitions[rule.alert] = Self.definition("silence \(rule.silence)")
    }
    return definitions
  }

  private static func definition(_ text: String) -> UInt64 {
    StableHash.hash(Array(text.utf8).span)
  }
}

extension DimensionValue: ByteCodable {
  /// Layout: 0 and the value, 1 for absent, 2 for other.
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .value(let bytes):
      writer.write(byte: 0)
      writer.write(bytes: bytes)
    case .absent: writer.write(byte: 1)
    case .other: writer.write(byte: 2)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    switch try reader.readByte() {
    case 0: self = .value(try reader.readBytes())
    case 1: self = .absent
    case 2: self = .other
    default: throw .invalid(offset: start)
    }
  }
}

extension GroupKey: ByteCodable {
  func encode(into writer: inout ByteWriter) { writer.write(values) }

  init(from reader: inout ByteReader) throws(CodingError) { values = try reader.read() }
}

extension PartName: ByteCodable {
  /// Layout: 0 for the whole, or 1, the dimension and its value.
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .whole: writer.write(byte: 0)
    case .part(let dimension, let value):
      writer.write(byte: 1)
      writer.write(dimension)
      writer.write(value)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    switch try reader.readByte() {
    case 0: self = .whole
    case 1: self = .part(dimension: try reader.read(), try reader.read())
    default: throw .invalid(offset: start)
    }
  }
}

extension EventTimes: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(first)
    writer.write(last)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    first = try reader.read()
    last = try reader.read()
  }
}

extension AlertKey: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(rule)
    writer.write(part)
    writer.write(signal)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    rule = try reader.read()
    part = try reader.read()
    signal = try reader.read()
  }
}
