internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

/// What is told of predictions that have waited as long as predictions wait, in their order.
///
/// Outcomes that come early are mostly of one class: whatever bets on outcomes one after the other
/// must not see them before the others.
struct MatureOutcomes: Sendable {
  private(set) var trust: TrustWatch?
  private(set) var claim: ClaimWatch?
  /// Of each new version.
  private(set) var canaries: [CanaryWatch] = []
  /// Which versions are which, where that is found.
  private var versions: FoundVersions?
  private let losses: CanaryLosses

  init(_ plan: Plan) {
    let task = plan.monitor.quality?.task ?? .binary
    losses = CanaryLosses(task: task, values: plan.monitor.qualityCriteria.values)
    if let canary = plan.monitor.canary, let quality = plan.monitor.quality {
      versions = FoundVersions(canary, quality)
      canaries = canary.canaries.map { CanaryWatch(canary, $0, losses) }
    }
    guard task == .binary || task == .multiclass else { return }
    if task == .binary {
      trust = plan.probability(in: .whole).map { TrustWatch(probability: $0) }
    }
    claim = plan.monitor.framing.claim.map {
      ClaimWatch($0, values: plan.monitor.qualityCriteria.values)
    }
  }

  /// Whether it must be told of which version each prediction is.
  var findsVersions: Bool { versions != nil }

  /// Takes note of the version of the prediction that is taken in next.
  ///
  /// - Parameters:
  ///   - version: Its name; `nil` without one.
  ///   - time: The prediction's time, in nanoseconds since 1970.
  mutating func note(_ version: String?, at time: Int64) {
    if let changed = versions?.insert(version, at: time) { watch(changed) }
  }

  /// Takes in a prediction whose time is up.
  mutating func insert(_ row: JoinedRow) {
    guard row.isLabelled else { return }
    trust?.insert(row)
    claim?.insert(row)
    for index in canaries.indices { canaries[index].insert(row) }
  }

  /// Goes on with the versions that are found: those that are watched already keep their evidence.
  private mutating func watch(_ names: [String]) {
    let known = canaries
    canaries = names.compactMap { name in
      guard let specification = versions?.specification(of: name) else { return nil }
      let kept = known.first { $0.canary == name && $0.specification == specification }
      return kept ?? CanaryWatch(specification, name, losses)
    }
  }
}

/// Watches whether outcomes are as the scores let expect.
struct TrustWatch: Sendable {
  private let probability: ScoreProbability
  private var detector = TrustDetector()

  /// How many outcomes lie between false alarms on average, at least.
  static let outcomesBetweenAlarms = 100_000.0

  init(probability: ScoreProbability) { self.probability = probability }

  fileprivate mutating func insert(_ row: JoinedRow) {
    guard let expected = probability.wrong(row.prediction) else { return }
    detector.insert(loss: row.prediction.decision == row.label ? 0 : 1, expected: expected)
  }

  /// The evidence against the estimate, as a multiple of that at which it alarms.
  var distrust: Double { detector.ratio(outcomesBetweenAlarms: Self.outcomesBetweenAlarms) }

  /// Whether the estimate can be trusted.
  var isTrusted: Bool { detector.alarm(outcomesBetweenAlarms: Self.outcomesBetweenAlarms) == nil }
}

/// Watches the framing's claim.
struct ClaimWatch: Sendable {
  let claim: FramingSpecification.Claim
  private let values: OutcomeValues?
  private(set) var test: ClaimTest
  /// The number of the period: its start over its length; `nil` before the first prediction.
  private(set) var period: Int64?
  private var counts = ConfusionCounts()
  private var losses = 0.0
  /// What was told last.
  private var told: ClaimTest.Verdict?

  init(_ claim: FramingSpecification.Claim, values: OutcomeValues?) {
    self.claim = claim
    self.values = values
    let limit = claim.measure.isError ? claim.limit : 1 - claim.limit
    test = ClaimTest(limit: limit, risk: claim.risk)
  }

  fileprivate mutating func insert(_ row: JoinedRow) {
    let number = floorDivide(row.prediction.time, claim.over.nanoseconds)
    if let period, number > period {
      test.beginPeriod()
      counts = ConfusionCounts()
      losses = 0
      told = nil
    }
    period = max(period ?? number, number)
    let decision = row.prediction.decision
    if !decision.isNaN { counts.insert(decision: decision == 1, outcome: row.label == 1) }
    guard let loss = loss(of: row) else { return }
    losses += loss
    test.insert(loss: loss)
  }

  /// How wrong a prediction was in what the claim is of; `nil` where it tells nothing of that.
  private func loss(of row: JoinedRow) -> Double? {
    let (decision, score) = (row.prediction.decision, row.prediction.score)
    let wrong = decision == row.label ? 0.0 : 1
    switch claim.measure {
    case .brier:
      guard (0...1).contains(score) else { return nil }
      return (score - row.label) * (score - row.label)
    case .accuracy: return decision.isNaN ? nil : wrong
    case .precision: return decision == 1 ? wrong : nil
    case .recall: return row.label == 1 && !decision.isNaN ? wrong : nil
    case .specificity: return row.label == 0 && !decision.isNaN ? wrong : nil
    }
  }

  /// The period's start and end.
  var bounds: Range<Int64>? {
    period.map { $0 * claim.over.nanoseconds..<($0 + 1) * claim.over.nanoseconds }
  }

  /// How the claim stands; `nil` before the first prediction is mature.
  func record(at time: Int64, _ monitor: Monitor) -> ClaimRecord? {
    guard let period else { return nil }
    let interval = test.interval()
    func measure(_ loss: Double) -> Double { claim.measure.isError ? loss : 1 - loss }
    let ends = [measure(interval.lowerBound), measure(interval.upperBound)].sorted()
    let money = values.flatMap { $0.total(counts).value }
    return ClaimRecord(
      time: time,
      model: monitor.model,
      measure: claim.measure.rawValue,
      limit: claim.limit,
      isError: claim.measure.isError,
      start: period * claim.over.nanoseconds,
      end: (period + 1) * claim.over.nanoseconds,
      verdict: test.verdict.rawValue,
      value: test.count == 0 ? nil : measure(losses / Double(test.count)),
      low: ends[0],
      high: ends[1],
      n: test.count,
      money: money,
      unit: money == nil ? nil : monitor.framing.cost?.unit
    )
  }

  /// Whether it stands otherwise than it was told.
  fileprivate var hasNews: Bool { period != nil && told != test.verdict }

  /// The record, where it is news.
  mutating func news(at time: Int64, _ monitor: Monitor) -> ClaimRecord? {
    guard hasNews else { return nil }
    told = test.verdict
    return record(at: time, monitor)
  }

  /// The verdict as the place of its word; `nil` while nothing is decided.
  var code: Double? {
    VerdictWords.of[claimName]?.firstIndex(of: test.verdict.rawValue).map { Double($0) }
  }
}

extension MatureOutcomes {
  /// Whether the claim stands otherwise than it was told.
  var hasNews: Bool { claim?.hasNews == true || canaries.contains(where: \.hasNews) }

  /// What is new of the claim, and of the canary where a rule wants it.
  mutating func news(at time: Int64, _ monitor: Monitor) -> [FeedbackRecord] {
    var records: [FeedbackRecord] = []
    if let claim = claim?.news(at: time, monitor) { records.append(.claim(claim)) }
    let tells = monitor.rules.contains(where: \.rollsBack)
    for index in canaries.indices {
      let rollback = canaries[index].news(at: time, model: monitor.model)
      if let rollback, tells { records.append(.rollback(rollback)) }
    }
    return records
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(trust?.stored ?? [])
    writer.write(claim != nil)
    claim?.encode(into: &writer)
    writer.write(versions != nil)
    versions?.encode(into: &writer)
    writer.write(varint: UInt64(canaries.count))
    for canary in canaries { canary.encode(into: &writer) }
  }

  /// Takes over what was written, as far as the monitor still asks the same.
  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let evidence: [Double] = try reader.read()
    if restoration.keepsProfile { trust?.restore(evidence) }
    if try reader.read() as Bool { try restoreClaim(from: &reader, &restoration) }
    if try reader.read() as Bool {
      let kept = try KeptVersions(from: &reader)
      if versions?.take(kept) == true {
        watch(versions?.names ?? [])
      } else if versions != nil {
        restoration.note("canary says something else: versions are found anew")
      }
    }
    for _ in 0..<(try reader.readCount(limit: CanarySpecification.canariesLimit)) {
      let kept = try KeptCanary(from: &reader)
      guard let index = canaries.firstIndex(where: { $0.canary == kept.canary }) else { continue }
      if !canaries[index].take(kept) {
        restoration.note("canary says something else of \(kept.canary): it begins anew")
      }
    }
  }

  private mutating func restoreClaim(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let kept = try KeptClaim(from: &reader)
    if claim?.isGoing(on: kept) == true {
      claim?.take(kept)
    } else if claim != nil {
      restoration.note("framing.claim says something else: its period begins anew")
    }
  }
}

extension TrustWatch {
  fileprivate var stored: [Double] { detector.wealths }

  fileprivate mutating func restore(_ stored: [Double]) {
    detector = TrustDetector(wealths: stored) ?? detector
  }
}

/// A claim's period as it was kept.
private struct KeptClaim {
  let definition: String
  let test: [Double]
  let period: Int64?
  let counts: [Int]
  let losses: Double
  let told: String?

  init(from reader: inout ByteReader) throws(CodingError) {
    definition = try reader.read()
    test = try reader.read()
    period = try reader.read()
    let start = reader.offset
    counts = try reader.read()
    losses = try reader.read()
    told = try reader.read()
    guard counts.count == 4 else { throw .invalid(offset: start) }
  }
}

extension ClaimWatch {
  private var definition: String {
    "\(claim.measure.rawValue) \(claim.limit) \(claim.over.nanoseconds) \(claim.risk)"
  }

  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(definition)
    writer.write(test.stored)
    writer.write(period)
    writer.write(
      [counts.truePositives, counts.falsePositives, counts.falseNegatives, counts.trueNegatives]
    )
    writer.write(losses)
    writer.write(told?.rawValue)
  }

  fileprivate func isGoing(on kept: KeptClaim) -> Bool { kept.definition == definition }

  fileprivate mutating func take(_ kept: KeptClaim) {
    guard let test = test.restored(from: kept.test) else { return }
    self.test = test
    period = kept.period
    counts = ConfusionCounts(
      truePositives: kept.counts[0],
      falsePositives: kept.counts[1],
      falseNegatives: kept.counts[2],
      trueNegatives: kept.counts[3]
    )
    losses = kept.losses
    told = kept.told.flatMap { ClaimTest.Verdict(rawValue: $0) }
  }
}
