internal import Events
internal import Expressions
internal import Records
internal import Specification

/// How a number is worked out of an event.
enum DerivedNumber: Sendable, Equatable {
  /// By an expression over its fields.
  case expression(EventNumber)
  /// By the times of its features beside its own.
  case featureTime(FeatureTimeNumber)
}

/// A signal that is worked out from an event's fields: latency, failure, a KPI's numbers.
struct DerivedSignal: Sendable {
  /// The name: `latency`, `failure`, `kpis.NAME`; `kpis.NAME/1` of a part of a KPI.
  let name: String
  /// The number of each event.
  let number: DerivedNumber
  /// Whether it is a part of a KPI and no signal that rules or records know.
  let isInternal: Bool
  /// Whether quantiles are asked of it that must be within a relative error.
  fileprivate(set) var keepsQuantiles: Bool
}

/// The derived signals of a monitor, each distinct number of its KPIs once.
struct DerivedSignals: Sendable {
  private(set) var all: [DerivedSignal] = []
  /// By KPI and measure the index of the signal that is read.
  private(set) var measures: [[Int]] = []

  init(_ monitor: Monitor) {
    let mapping = monitor.prediction
    if mapping.latency != nil,
      let number = try? EventNumber.parse(latencyName, roles: mapping.roles)
    {
      append(latencyName, .expression(number), keepsQuantiles: true)
    }
    if let failure = mapping.failure {
      append(failureName, .expression(failure), keepsQuantiles: false)
    }
    if !mapping.featureTimes.isEmpty {
      for (name, measure) in [
        (lookaheadName, FeatureTimeNumber.Measure.isLater), (featureAgeName, .age),
      ] {
        let number = FeatureTimeNumber(fields: mapping.featureTimes, measure: measure)
        append(name, .featureTime(number), keepsQuantiles: false)
      }
    }
    for kpi in monitor.kpis {
      let measured = kpi.expression.measures.enumerated().map { index, measure in
        let isOwn = kpi.hasDistribution
        return read(
          isOwn ? kpi.signalName : "\(kpi.signalName)/\(index + 1)",
          measure,
          isInternal: !isOwn
        )
      }
      measures.append(measured)
    }
  }

  private mutating func append(
    _ name: String,
    _ number: DerivedNumber,
    isInternal: Bool = false,
    keepsQuantiles: Bool
  ) {
    all.append(
      DerivedSignal(
        name: name,
        number: number,
        isInternal: isInternal,
        keepsQuantiles: keepsQuantiles
      )
    )
  }

  /// The signal of a measure; a part of a KPI may be what is counted already.
  private mutating func read(
    _ name: String,
    _ measure: KPIExpression.Measure,
    isInternal: Bool
  ) -> Int {
    if isInternal, let index = all.firstIndex(where: { $0.number == .expression(measure.number) }) {
      if measure.aggregate.isQuantile { all[index].keepsQuantiles = true }
      return index
    }
    append(
      name,
      .expression(measure.number),
      isInternal: isInternal,
      keepsQuantiles: measure.aggregate.isQuantile
    )
    return all.count - 1
  }
}

extension KPISpecification {
  /// Whether the numbers of its events are numbers of their own, of which drift has a meaning.
  ///
  /// They are where it is one aggregate alone, and not of how many events there are.
  var hasDistribution: Bool {
    expression.isSingle && expression.measures.first?.aggregate != .count
  }
}

extension Aggregate {
  /// Whether it is a quantile.
  var isQuantile: Bool {
    switch self {
    case .p50, .p90, .p95, .p99: true
    case .sum, .mean, .count, .min, .max: false
    }
  }
}

/// The distinct expressions of the derived signals, with the columns that they read.
struct DerivedColumns: Sendable {
  private(set) var numbers: [DerivedNumber] = []
  private var slots: [[Int]] = []

  /// How many there are.
  var count: Int { numbers.count }

  /// The index of a number, which is added when it is new.
  mutating func index(of number: EventNumber, _ builder: inout SchemaBuilder) -> Int {
    index(of: .expression(number), &builder)
  }

  /// The index of a number, which is added when it is new.
  mutating func index(of number: DerivedNumber, _ builder: inout SchemaBuilder) -> Int {
    if let index = numbers.firstIndex(of: number) { return index }
    numbers.append(number)
    switch number {
    case .expression(let expression):
      slots.append(expression.fields.map { builder.slot($0.path, $0.form) })
    case .featureTime(let times):
      slots.append(times.fields.map { builder.slot($0.path, .token) })
    }
    return numbers.count - 1
  }

  /// The fields that expressions read.
  var fields: [EventField] {
    numbers.flatMap { number -> [EventField] in
      guard case .expression(let expression) = number else { return [] }
      return expression.fields
    }
  }

  /// Works one expression out for every row of a batch.
  func evaluate(
    _ index: Int,
    _ batch: borrowing DecodedBatch,
    _ chunk: UnsafeRawBufferPointer,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    var inputs = unsafe [UnsafePointer<UInt64>]()
    for slot in slots[index] { unsafe inputs.append(batch.columns.cells(slot)) }
    let rows = batch.columns.rowCount
    switch numbers[index] {
    case .expression(let number):
      unsafe number.evaluate(columns: inputs, rowCount: rows, chunk: chunk, into: cells)
    case .featureTime(let number):
      unsafe number.evaluate(
        columns: inputs,
        times: batch.times,
        rowCount: rows,
        chunk: chunk,
        into: cells
      )
    }
  }
}
