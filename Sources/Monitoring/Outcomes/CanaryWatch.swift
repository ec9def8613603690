internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

/// Watches whether a new version is worse than the one in use.
///
/// It hears of mature predictions in the order of their times. With split traffic each of the new
/// version's is paired with the next of the one in use, which is then used up; with shadows both are
/// of one event.
///
/// Its 9 properties are what is held against what, and what waits for its pair.
struct CanaryWatch: Sendable {
  let specification: CanarySpecification
  /// The new version.
  let canary: String
  private let losses: CanaryLosses
  private let versions: (stable: UInt64, canary: UInt64)
  /// Of each measure.
  private(set) var tests: [CanaryTest]
  private var differences: [Double]
  /// The losses of the new version's predictions that wait for one of the other's.
  private var waiting: [[Double]] = []
  /// Of shadows the losses that wait for the other version's, by id: which version it is of, and they.
  private var shadows: [EventID: (isCanary: Bool, losses: [Double])] = [:]
  /// Whether the verdict was told.
  private var isTold = false

  /// How many losses wait to be paired; of more the oldest are left out.
  static let waitingLimit = 4_096

  init(_ specification: CanarySpecification, _ canary: String, _ losses: CanaryLosses) {
    self.specification = specification
    self.canary = canary
    self.losses = losses
    versions = (
      EventID.versionHash(of: specification.stable), EventID.versionHash(of: canary)
    )
    let test = CanaryTest(margin: specification.margin, risk: specification.riskOfEach)
    tests = specification.measures.map { _ in test }
    differences = specification.measures.map { _ in 0 }
  }

  /// Takes in a mature prediction.
  mutating func insert(_ row: JoinedRow) {
    let version = row.prediction.version
    guard version == versions.stable || version == versions.canary,
      let losses = losses.of(row, specification)
    else { return }
    let isCanary = version == versions.canary
    switch specification.pairs {
    case .shadow: pairShadow(row.prediction.id, losses, isCanary: isCanary)
    case .split: pairNext(losses, isCanary: isCanary)
    }
  }

  private mutating func pairNext(_ losses: [Double], isCanary: Bool) {
    if isCanary {
      waiting.append(losses)
      if waiting.count > Self.waitingLimit { waiting.removeFirst() }
    } else if !waiting.isEmpty {
      take(waiting.removeFirst(), losses)
    }
  }

  private mutating func pairShadow(_ id: EventID, _ losses: [Double], isCanary: Bool) {
    guard let other = shadows[id], other.isCanary != isCanary else {
      // Both answers to one event expire together, but for those of one version alone.
      if shadows.count >= Self.waitingLimit { shadows = [:] }
      shadows[id] = (isCanary, losses)
      return
    }
    shadows[id] = nil
    if isCanary { take(losses, other.losses) } else { take(other.losses, losses) }
  }

  private mutating func take(_ canary: [Double], _ stable: [Double]) {
    for measure in tests.indices {
      let difference = canary[measure] - stable[measure]
      differences[measure] += difference
      tests[measure].insert(difference: difference)
    }
  }

  /// Worse by any measure is worse; not worse is what is not worse by any.
  var verdict: CanaryTest.Verdict {
    if tests.contains(where: { $0.verdict == .rollback }) { return .rollback }
    return tests.allSatisfy { $0.verdict == .promote } ? .promote : .continue
  }

  /// The verdict as the place of its word.
  var code: Double {
    Double(VerdictWords.of[canaryName]?.firstIndex(of: verdict.rawValue) ?? 0)
  }

  /// Whether a verdict is known that was not told.
  var hasNews: Bool { !isTold && verdict != .continue }

  /// The record of a rollback, once.
  mutating func news(at time: Int64, model: String) -> RollbackRecord? {
    guard hasNews else { return nil }
    isTold = true
    guard verdict == .rollback else { return nil }
    return evidence(at: time, model: model)
  }

  /// The numbers behind the verdict, whichever it is: of the first measure that says it.
  func evidence(at time: Int64, model: String) -> RollbackRecord {
    let measure = tests.firstIndex { $0.verdict == verdict } ?? 0
    let test = tests[measure]
    let interval = test.interval
    return RollbackRecord(
      time: time,
      model: model,
      canary: canary,
      stable: specification.stable,
      measure: specification.measures[measure].rawValue,
      difference: differences[measure] / Double(max(test.count, 1)),
      low: interval.lowerBound,
      high: interval.upperBound,
      pairs: test.count,
      margin: specification.margin,
      risk: specification.risk
    )
  }
}

/// What a prediction of a version loses, by each measure.
struct CanaryLosses: Sendable {
  let task: QualitySpecification.Task
  /// What decisions are worth; `nil` where that is not said.
  let values: OutcomeValues?

  /// The losses in [0, 1], in the order of the measures; `nil` where one is not known.
  func of(_ row: JoinedRow, _ specification: CanarySpecification) -> [Double]? {
    var losses: [Double] = []
    losses.reserveCapacity(specification.measures.count)
    for measure in specification.measures {
      guard let loss = loss(measure, of: row, specification) else { return nil }
      losses.append(loss)
    }
    return losses
  }

  private func loss(
    _ measure: CanarySpecification.Measure,
    of row: JoinedRow,
    _ specification: CanarySpecification
  ) -> Double? {
    let (score, decision) = (row.prediction.score, row.prediction.decision)
    switch (measure, task) {
    case (_, .ranking): return nil
    case (.error, .binary), (.error, .multiclass):
      return decision.isNaN ? nil : decision == row.label ? 0 : 1
    case (.error, .regression):
      guard score.isFinite else { return nil }
      return min(1, abs(score - row.label) / specification.bound)
    case (.brier, _):
      return (0...1).contains(score) ? (score - row.label) * (score - row.label) : nil
    case (.cost, _):
      guard let values, !decision.isNaN else { return nil }
      return values.loss(decision: decision == 1, outcome: row.label == 1)
    }
  }
}

extension OutcomeValues {
  /// How much less a decision is worth than the best one, over the greatest difference; in [0, 1].
  fileprivate func loss(decision: Bool, outcome: Bool) -> Double {
    let all = [truePositive, falsePositive, falseNegative, trueNegative]
    let own =
      decision
      ? (outcome ? truePositive : falsePositive) : (outcome ? falseNegative : trueNegative)
    guard let least = all.min(), let most = all.max(), most > least else { return 0 }
    return min(max((most - own) / (most - least), 0), 1)
  }
}

extension CanaryWatch {
  private var definition: String {
    "\(specification.stable) \(canary) \(specification.margin) "
      + "\(specification.bound) \(specification.riskOfEach) \(specification.pairs) "
      + specification.measures.map(\.rawValue).joined(separator: " ")
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(canary)
    writer.write(definition)
    writer.write(varint: UInt64(tests.count))
    for (test, sum) in zip(tests, differences) {
      writer.write(test.stored)
      writer.write(sum)
    }
    writer.write(varint: UInt64(waiting.count))
    for losses in waiting { writer.write(losses) }
    let kept = shadows.sorted { $0.key < $1.key }
    writer.write(varint: UInt64(kept.count))
    for (id, shadow) in kept {
      writer.write(id)
      writer.write(shadow.isCanary)
      writer.write(shadow.losses)
    }
    writer.write(isTold)
  }

  /// Takes over what was written, where the same is asked.
  ///
  /// - Parameter kept: What was written.
  /// - Returns: Whether it was the same.
  mutating func take(_ kept: KeptCanary) -> Bool {
    guard kept.definition == definition, kept.tests.count == tests.count,
      (kept.waiting + kept.shadows.values.map(\.losses)).allSatisfy({ $0.count == tests.count })
    else { return false }
    for measure in tests.indices {
      guard let test = tests[measure].restored(from: kept.tests[measure].stored) else {
        return false
      }
      tests[measure] = test
      differences[measure] = kept.tests[measure].sum
    }
    (waiting, shadows, isTold) = (kept.waiting, kept.shadows, kept.isTold)
    return true
  }
}

/// What was written of a watch on a new version.
struct KeptCanary {
  let canary: String
  let definition: String
  let tests: [(stored: [Double], sum: Double)]
  let waiting: [[Double]]
  let shadows: [EventID: (isCanary: Bool, losses: [Double])]
  let isTold: Bool

  init(from reader: inout ByteReader) throws(CodingError) {
    canary = try reader.read()
    definition = try reader.read()
    var tests: [(stored: [Double], sum: Double)] = []
    for _ in 0..<(try reader.readCount(limit: CanarySpecification.Measure.allCases.count)) {
      let stored: [Double] = try reader.read()
      let sum: Double = try reader.read()
      tests.append((stored, sum))
    }
    var waiting: [[Double]] = []
    for _ in 0..<(try reader.readCount(limit: CanaryWatch.waitingLimit)) {
      waiting.append(try reader.read())
    }
    var shadows: [EventID: (isCanary: Bool, losses: [Double])] = [:]
    for _ in 0..<(try reader.readCount(limit: CanaryWatch.waitingLimit)) {
      let id: EventID = try reader.read()
      let isCanary: Bool = try reader.read()
      let losses: [Double] = try reader.read()
      shadows[id] = (isCanary, losses)
    }
    self.tests = tests
    self.waiting = waiting
    self.shadows = shadows
    isTold = try reader.read()
  }
}
