internal import Events
internal import Expressions
internal import Records
package import Sketches
package import Specification

/// How the counts of one plan are laid out, by name: what another plan needs to read them.
struct CountsLayout: Equatable {
  /// Where a signal's counts stand.
  struct Place: Equatable {
    let name: String
    /// A hash of all that its counts depend on: how it is read, its cells or categories.
    let definition: UInt64
    let counts: Range<Int>
    /// The index among the numeric signals; `nil` for a categorical one.
    let number: Int?
    /// The index among the categorical signals; `nil` for a numeric one.
    let category: Int?
    /// The index among the summaries of quantiles, where it has one.
    let quantiles: Int?
  }

  let panes: PaneScheme
  /// What tells each dimension from all others: a segment may be by the version's field, too.
  let dimensions: [String]
  let signals: [Place]
  let objectives: [Place]
  /// The length of the array of counts.
  let width: Int
  let countsDistinct: Bool

  /// The layout of a plan.
  init(_ plan: Plan) {
    panes = plan.panes
    dimensions = plan.dimensions.map { $0.segment == nil ? $0.name : "segments.\($0.name)" }
    signals = plan.countedSignals.map { signal in
      Place(
        name: signal.name,
        definition: plan.definition(of: signal),
        counts: signal.base..<signal.end,
        number: signal.numberIndex,
        category: signal.categoryIndex,
        quantiles: signal.quantiles
      )
    }
    objectives = zip(plan.monitor.slos, plan.budgets).map { slo, counting in
      Place(
        name: slo.signal,
        definition: slo.definition,
        counts: counting.base..<counting.base + BudgetCounting.width,
        number: nil,
        category: nil,
        quantiles: nil
      )
    }
    width = plan.countWidth
    countsDistinct = plan.countsDistinct
  }

  var numberCount: Int { signals.count { $0.number != nil } }
  var categoryCount: Int { signals.count { $0.category != nil } }
  var quantileCount: Int { signals.count { $0.quantiles != nil } }
}

extension Signal {
  var numberIndex: Int? { if case .number(let index, _) = kind { index } else { nil } }
  var categoryIndex: Int? { if case .category(let index, _) = kind { index } else { nil } }
}

extension Plan {
  /// A hash of all that a signal's counts depend on.
  fileprivate func definition(of signal: Signal) -> UInt64 {
    var writer = ByteWriter()
    writer.write(signal.isInternal)
    writer.write(signal.quantiles != nil)
    switch signal.source {
    case .column:
      let path = signal.profile.path
      writer.write(path.description)
      if let mark = monitor.prediction.textNumbers.mark(of: path) {
        writer.write("from text with a \(mark.rawValue)")
      }
    case .derived(let index): write(derived.numbers[index], into: &writer)
    case .closing:
      writer.write("of \(monitor.prediction.duplicates?.horizon.nanoseconds ?? 0) ns")
      if dropsRepeats { writer.write("dropped") }
    }
    if signal.name == latencyName, let latency = monitor.prediction.latency {
      writer.write("\(latency.path) in \(latency.unit)")
    }
    switch signal.kind {
    case .number(_, let reference):
      reference.grid.encode(into: &writer)
      signal.momentScale?.encode(into: &writer)
      writer.write(reference.summary.minimum)
      writer.write(reference.summary.maximum)
    case .category(_, let reference):
      writer.write(reference.hasOther)
      writer.write(varint: UInt64(reference.values.count))
      for value in reference.values { writer.write(bytes: value) }
    }
    return StableHash.hash(writer.bytes.span)
  }
}

extension Plan {
  private func write(_ number: DerivedNumber, into writer: inout ByteWriter) {
    switch number {
    case .expression(let expression): writer.write(expression)
    case .featureTime(let times):
      for time in times.fields {
        let (form, zone) = (time.form.format?.pattern, time.form.zone?.name)
        writer.write(
          "\(time.path) in \(time.form.unit)" + (form.map { " as \($0)" } ?? "")
            + (zone.map { " of \($0)" } ?? "")
        )
      }
      writer.write("\(times.measure)")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ number: EventNumber) {
    write(number.text)
    write(number.fields)
  }

  fileprivate mutating func write(_ fields: [EventField]) {
    for field in fields { write("\(field.path) as \(field.form)") }
  }

  fileprivate mutating func write(_ predicate: EventPredicate?) {
    write(predicate?.expression.description ?? "")
    write(predicate?.fields ?? [])
  }
}

extension SLOSpecification {
  /// A hash of which events are good and valid.
  fileprivate var definition: UInt64 {
    var writer = ByteWriter()
    writer.write(good)
    writer.write(valid)
    return StableHash.hash(writer.bytes.span)
  }
}

extension PaneScheme: ByteCodable {
  /// Layout: a width in nanoseconds, or a number of events below 0.
  package func encode(into writer: inout ByteWriter) {
    switch self {
    case .time(let width): writer.write(width)
    case .events(let size): writer.write(-Int64(size))
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  package init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let size: Int64 = try reader.read()
    guard size != 0, size > Int64.min else { throw .invalid(offset: start) }
    self = size > 0 ? .time(width: size) : .events(Int(-size))
  }
}

extension CountsLayout: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(panes)
    writer.write(dimensions)
    writer.write(signals)
    writer.write(objectives)
    writer.write(width)
    writer.write(countsDistinct)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    panes = try reader.read()
    dimensions = try reader.read()
    signals = try reader.read()
    objectives = try reader.read()
    width = try reader.read()
    countsDistinct = try reader.read()
    let places = signals + objectives
    guard (1...Self.widthLimit).contains(width),
      places.allSatisfy({ $0.counts.upperBound <= width }),
      Self.isDense(signals.compactMap(\.number)), Self.isDense(signals.compactMap(\.category)),
      Self.isDense(signals.compactMap(\.quantiles))
    else { throw .invalid(offset: start) }
  }

  /// The greatest width that is believed.
  private static let widthLimit = 1 << 26

  /// Whether indices are 0, 1, 2 and so on.
  private static func isDense(_ indices: [Int]) -> Bool { indices == Array(indices.indices) }
}

extension CountsLayout.Place: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(definition)
    writer.write(counts.lowerBound)
    writer.write(counts.count)
    writer.write(number)
    writer.write(category)
    writer.write(quantiles)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    name = try reader.read()
    definition = try reader.read()
    let start = reader.offset
    let base: Int = try reader.read()
    let count: Int = try reader.read()
    guard base >= 1, count >= 0, !base.addingReportingOverflow(count).overflow else {
      throw .invalid(offset: start)
    }
    counts = base..<base + count
    number = try reader.read()
    category = try reader.read()
    quantiles = try reader.read()
  }
}
