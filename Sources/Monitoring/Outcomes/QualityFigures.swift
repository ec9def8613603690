internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// How good the predictions of one part of the traffic were in a window, as far as is known, and as
/// far as can be told without outcomes.
///
/// Its 10 properties are what rules and records ask of a window, each counted once.
struct QualityFigures: Sendable {
  /// The predictions.
  let predictions: Int
  /// Those whose outcome is known.
  let labelled: Int
  /// The share of the predictions whose outcome is known or was waited for long enough.
  let maturity: Double
  /// What is said of requests and votes.
  var reactions: [StatisticName: StatisticValue] = [:]
  /// The outcomes that came, and those of them of an earlier time than their prediction.
  private var arrived = (early: 0, all: 0)
  /// How much speaks against the estimate; `nil` where nothing watches it.
  var distrust: Double?
  /// What is known while labels are arriving; only of all of the traffic.
  var arriving: ArrivingFigures?
  /// What has measures, by the signal's name.
  private var subjects: [String: QualitySubject] = [:]
  private let values: OutcomeValues?
  /// What is said of a claim or a canary, by the signal's name.
  private var verdicts: [String: Double] = [:]

  /// Holds the rows of a window against their outcomes.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - order: The places of its rows that have a score, by the score.
  ///   - criteria: How.
  ///   - probability: The probability that a score stands for; `nil` where it is not known.
  ///   - isIn: Whether rows of a key are of the part.
  init(
    _ window: QualityWindow,
    byScore order: [Int],
    _ criteria: Criteria,
    probability: ScoreProbability? = nil,
    isIn: (Int32) -> Bool
  ) {
    values = criteria.values
    var (predictions, labelled, settled) = (0, 0, 0)
    var decided = DecidedRows(baselines: criteria.baselines.count)
    for (place, row) in window.rows.enumerated() where isIn(row.prediction.key) {
      predictions += 1
      if row.isLabelled || place < window.expired { settled += 1 }
      guard row.isLabelled else { continue }
      labelled += 1
      decided.insert(row)
      guard !row.isSilent else { continue }
      arrived.all += 1
      if row.labelTime < row.prediction.time { arrived.early += 1 }
    }
    self.predictions = predictions
    self.labelled = labelled
    maturity = predictions == 0 ? 0 : Double(settled) / Double(predictions)
    switch criteria.task {
    case .binary:
      subjects[qualityName] = .classes(
        BinaryOutcomes(confusion: decided.counts, table: window.scoreTable(order, isIn: isIn))
      )
      compare(decided, criteria.baselines)
      let candidates = window.rows.indices.filter { place in
        let row = window.rows[place]
        return row.isCandidate && !row.prediction.decision.isNaN && isIn(row.prediction.key)
      }
      draw(candidates, of: window, probability)
      if let probability { estimate(window, order, probability, isIn) }
      for (place, signal) in criteria.leakage.enumerated() {
        let outcomes = window.outcomes(ofTrait: place, criteria.leakage.count)
        subjects[signal] = outcomes.map { .leak($0) }
      }
    case .multiclass:
      let classes = ClassedRows(window, criteria.classes, isIn: isIn)
      subjects.merge(classes.subjects) { _, new in new }
    case .ranking:
      subjects[qualityName] = .rankings(RankedRows(window, isIn: isIn))
    case .regression:
      let scored = window.rows.filter {
        $0.isLabelled && $0.prediction.score.isFinite && isIn($0.prediction.key)
      }
      subjects[qualityName] = .numbers(
        RegressionOutcomes(
          predictions: scored.map(\.prediction.score),
          outcomes: scored.map(\.label)
        )
      )
    }
  }

  private init() {
    (predictions, labelled, maturity) = (0, 0, 0)
    values = nil
  }

  /// Nothing but what is said of a claim or a canary.
  static func verdicts(_ verdicts: [String: Double]) -> QualityFigures {
    var figures = QualityFigures()
    figures.verdicts = verdicts
    return figures
  }

  /// Holds the decisions against those of the baselines, and of always the same decision.
  private mutating func compare(_ decided: DecidedRows, _ baselines: [String]) {
    var all = Array(zip(baselines, decided.baselines))
    for (name, decision) in zip(constantBaselines, [true, false]) {
      all.append((name, PairedDecisions(decided.counts, constant: decision)))
    }
    for (name, pairs) in all where pairs.count > 0 {
      subjects[baselinePrefix + name] = .decisions(pairs.others)
      subjects[liftPrefix + name] = .lift(pairs)
    }
  }

  /// Holds the sample whose labels were asked for against their outcomes.
  ///
  /// Where requests are not answered, the probability of a label is that of being asked times the share
  /// of answers in the stratum: true only where answering does not depend on the outcome there. What
  /// is expected is what judges say, where they say it of all, else what the scores let expect.
  ///
  /// - Parameters:
  ///   - candidates: The places of its rows that could be drawn and have a decision.
  ///   - window: The window.
  ///   - probability: The probability that a score stands for; `nil` where it is not known.
  private mutating func draw(
    _ candidates: [Int],
    of window: QualityWindow,
    _ probability: ScoreProbability?
  ) {
    let rows = window.rows
    let asked = candidates.filter { rows[$0].inclusion > 0 }.map { rows[$0] }
    guard !asked.isEmpty else { return }
    let isJudged = countReactions(asked, of: candidates, in: rows)
    let rates = ResponseRates(rows)
    func expected(_ row: JoinedRow) -> Double {
      if isJudged, let verdict = row.verdict {
        return verdict == row.prediction.decision ? 0 : 1
      }
      return probability?.wrong(row.prediction) ?? 0
    }
    subjects[sampleName] = .sample(
      SampledLosses(
        members: asked.filter(\.isAnswered).compactMap { row in
          guard let rate = rates.rate(of: row) else { return nil }
          return SampledLosses.Member(
            loss: row.prediction.decision == row.label ? 0 : 1,
            expected: expected(row),
            inclusion: row.inclusion * rate
          )
        },
        population: candidates.count,
        expectedMean: candidates.reduce(0) { $0 + expected(rows[$1]) } / Double(candidates.count)
      )
    )
  }

  /// Works out what is to be expected of all predictions, whether their outcomes are known or not.
  private mutating func estimate(
    _ window: QualityWindow,
    _ order: [Int],
    _ probability: ScoreProbability,
    _ isIn: (Int32) -> Bool
  ) {
    var (scores, decisions): ([Double], [Bool]) = ([], [])
    scores.reserveCapacity(order.count)
    decisions.reserveCapacity(order.count)
    for place in order {
      let prediction = window.rows[place].prediction
      guard !prediction.decision.isNaN, isIn(prediction.key) else { continue }
      scores.append(prediction.score)
      decisions.append(prediction.decision == 1)
    }
    guard !scores.isEmpty else { return }
    subjects[estimateName] = .estimated(
      EstimatedOutcomes(
        increasing: scores,
        probabilities: probability(increasing: scores),
        decisions: decisions
      ),
      n: scores.count
    )
  }

  /// A statistic of a signal with its interval.
  ///
  /// - Parameters:
  ///   - measure: Which one.
  ///   - signal: `quality`, or `estimate`.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: `nil` where the signal has no such measure, or there is no figure.
  func value(
    _ measure: QualityMeasure,
    of signal: String,
    confidence: Double
  ) -> StatisticValue? {
    let statistic = measure.statistic
    if statistic == .verdict {
      return verdicts[signal].map { StatisticValue(value: $0, n: labelled) }
    }
    if arrivalSignals.contains(signal) {
      return arriving?.value(statistic, of: signal, confidence: confidence)
    }
    guard let subject = subjects[signal] else { return nil }
    switch statistic {
    case .count:
      let n = subject.count ?? labelled
      return StatisticValue(value: Double(n), n: n)
    case .maturity: return StatisticValue(value: maturity, n: predictions)
    case .early:
      // The share of the outcomes that came with an earlier time than their prediction.
      guard signal == qualityName else { return nil }
      return StatisticValue(hits: arrived.early, of: arrived.all, confidence: confidence)
    case .response, .skipped, .judged, .agreement:
      let isOfVotes = statistic == .agreement
      return signal == (isOfVotes ? qualityName : sampleName) ? reactions[statistic] : nil
    case .distrust:
      guard signal == estimateName else { return nil }
      return distrust.map { StatisticValue(value: $0, n: predictions) }
    default: break
    }
    guard let (estimate, n) = subject.estimate(measure, values, confidence: confidence) else {
      return nil
    }
    return StatisticValue(estimate, n: n)
  }

  /// Every figure, as it goes out.
  func measurements(_ criteria: Criteria) -> [Measurement] {
    let names = criteria.baselines + constantBaselines
    let signals =
      [qualityName] + criteria.classes.signals + [estimateName, sampleName]
      + names.map { baselinePrefix + $0 } + names.map { liftPrefix + $0 } + criteria.leakage
    var all: [Measurement] = []
    for signal in signals {
      guard let subject = subjects[signal] else { continue }
      // All parts are worked out at once.
      let brier = subject.brier
      let own: [StatisticName] =
        switch signal {
        case qualityName: [.count, .maturity, .agreement]
        case sampleName: [.count, .response, .skipped, .judged]
        case _ where signal.hasPrefix(classPrefix): [.count]
        case _ where signal.hasPrefix(leakagePrefix): [.count]
        default: [.count, .distrust]
        }
      let measures =
        own.map { QualityMeasure($0) } + criteria.measures(of: signal)
        + [QualityMeasure(.money)]
      for measure in measures {
        let part = BrierPart(rawValue: measure.name)
        let known = part.flatMap { part in
          brier.map { StatisticValue(value: $0.parts[part], n: $0.n) }
        }
        let other = part == nil ? value(measure, of: signal, confidence: Self.confidence) : nil
        guard let value = known ?? other else { continue }
        all.append(Measurement(signal: signal, statistic: measure.name, value: value))
      }
    }
    return all
  }

  /// The confidence of the intervals of records, both sides together.
  static let confidence = 0.95
}
