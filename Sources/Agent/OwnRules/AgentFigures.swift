internal import Connectors
internal import Events
internal import Expressions
internal import Ingest
internal import Records

/// What the agent knows of itself at one moment, in numbers.
struct AgentFigures: Sendable {
  /// What is the process'.
  var own = FigureList()
  /// What is each monitor's, with its model.
  var monitors: [(model: String, list: FigureList)] = []
}

/// Numbers by their metrics: counts, bytes, and of ages nanoseconds.
struct FigureList: Sendable, Equatable {
  private var values: [AgentMetric: Int64] = [:]
  /// How far the event time is; `nil` where nothing bears one out.
  var clock: Int64?

  /// A metric's number; `nil` where it is not known.
  subscript(_ metric: AgentMetric) -> Int64? {
    get { values[metric] }
    set { values[metric] = newValue }
  }

  mutating func set(_ metric: AgentMetric, _ value: Int) { values[metric] = Int64(value) }

  /// Those of another list beside one's own.
  func merging(_ other: FigureList) -> FigureList {
    var merged = self
    merged.values.merge(other.values) { own, _ in own }
    merged.clock = clock ?? other.clock
    return merged
  }

  /// Takes what was read, and what waits of it.
  init(_ tally: StreamTally) {
    set(.lines, tally.lines)
    set(.bytes, tally.bytes)
    set(.events, tally.events)
    set(.outcomes, tally.outcomes)
    set(.ignored, tally.ignored)
    set(.waiting, tally.waiting)
    set(.refused, tally.refusedLines)
    for reason in Refusal.allCases { set(.refused(reason), tally.refused[reason] ?? 0) }
  }

  /// Nothing is known.
  init() {}

  /// Takes how far the event time is.
  mutating func set(clock time: Int64?, _ now: AgentTime) {
    clock = time
    self[.clockAge] = time.map { now.wall - $0 }
  }

  /// Takes how a group's topics stand; nothing where none are read.
  mutating func set(_ topics: KafkaFigures?) {
    guard let topics else { return }
    set(.partitions, topics.partitions)
    self[.lag] = topics.lag
    self[.deleted] = topics.counts.deleted
    set(.regressions, topics.counts.regressions)
    set(.repeated, topics.repeated)
    set(.empty, topics.empty)
    set(.rebalances, topics.counts.rebalances)
  }
}

extension FigureLine {
  /// Adds what is known of a list, in the metrics' order; reasons for which no line was refused are
  /// left out.
  mutating func add(_ list: FigureList) {
    let reasons = Set(Refusal.allCases.map { AgentMetric.refused($0) })
    for metric in AgentMetric.all {
      if metric == .clockAge, let clock = list.clock { add("clock", Timestamp.format(clock)) }
      guard let value = list[metric], value != 0 || !reasons.contains(metric) else { continue }
      if metric.kind == .age {
        add(metric.name, seconds: value)
      } else {
        add(metric.name, Int(value))
      }
    }
  }
}
