internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

/// What is known of a window while its labels are arriving, by the signals of it.
struct ArrivingFigures: Sendable {
  let labels: LabelFigures
  /// `nil` where silence is not negative, or no mature prediction is positive.
  let corrected: CorrectedFigures?
  /// `nil` where moreover no probability is known.
  let inFlight: InFlightFigures?
  /// The newest window whose outcomes are all there.
  let complete: CompleteCohort?
  /// How fast labels of old predictions come; `nil` where that cannot be told.
  let burst: ArrivalBurst?
  /// The length of a window, in nanoseconds.
  let length: Int64

  func value(
    _ statistic: StatisticName,
    of signal: String,
    confidence: Double
  ) -> StatisticValue? {
    switch signal {
    case labelsName: labels.value(statistic, confidence: confidence)
    case correctedName where statistic == .observedToExpected:
      corrected == nil ? nil : burst?.statistic(confidence: confidence)
    case correctedName: corrected?.value(statistic, confidence: confidence)
    case inFlightName: inFlight?.value(statistic, confidence: confidence)
    case completeName: complete?.value(statistic, confidence: confidence)
    default: nil
    }
  }

  /// Every figure, as it goes out.
  var measurements: [Measurement] {
    let all: [(String, [StatisticName])] = [
      (labelsName, LabelFigures.statistics), (correctedName, CorrectedFigures.statistics),
      (inFlightName, InFlightFigures.statistics), (completeName, CompleteCohort.statistics),
    ]
    return all.flatMap { signal, statistics in
      statistics.compactMap { statistic in
        value(statistic, of: signal, confidence: QualityFigures.confidence).map {
          Measurement(
            signal: signal,
            statistic: statistic.rawValue,
            value: $0,
            burst: signal == correctedName ? burst.word.rawValue : nil,
            cohort: signal == completeName ? complete.map { Int64($0.index) * length } : nil
          )
        }
      }
    }
  }
}

extension Optional<ArrivalBurst> {
  /// What is known of a burst, in a word.
  var word: ArrivalBurst.Verdict { self?.verdict ?? .cannotBeTold }
}

extension ArrivalBurst {
  /// O/E with the interval that z stands for; `nil` where nothing was expected.
  fileprivate func statistic(confidence: Double) -> StatisticValue? {
    guard expected > 0 else { return nil }
    let estimate = interval(confidence: confidence)
    return StatisticValue(estimate, n: observed)
  }
}

extension QualitySpecification {
  /// Whether labels to come are worked in: silence is negative.
  var isCorrected: Bool { task == .binary && silenceIsNegative }
}

extension OutcomeBook {
  /// How fast positive labels of old predictions come, against a year ago; `nil` where that cannot be
  /// told.
  mutating func burst() -> ArrivalBurst? {
    guard let calendar = arrivals.calendar, let clock = outcomeClock,
      calendar.reachesBack(from: clock)
    else { return nil }
    var open = ArrivalCalendar(horizon: arrivals.horizon)
    for position in windows.indices where !windows[position].isCrowdedOut {
      let window = whole(at: position)
      for row in window.rows[window.expired...] { open.insert(row) }
    }
    return calendar.burst(at: clock, with: open)
  }

  /// Keeps a window whose outcomes are all there, where it is the newest.
  mutating func noteCohort(_ window: QualityWindow) {
    guard quality.task == .binary, isOver(window), !window.isCrowdedOut,
      window.index > complete?.index ?? .min
    else { return }
    complete = CompleteCohort(window)
  }

  /// Whether labels of a window's youngest predictions are due: as many as are divided by.
  func isArriving(_ window: QualityWindow) -> Bool {
    guard let clock = outcomeClock else { return false }
    let age = Double(clock.saturatingSubtract(end(of: window))) / 1e9
    let curve = arrivals.curve
    let share =
      quality.isCorrected
      ? curve.positiveShare(by: max(0, age)) : curve.labelledShare(by: max(0, age))
    return share ?? 0 >= LabelArrival.leastShare
  }

  /// What is known of a window while its labels are arriving.
  func arriving(
    _ window: QualityWindow,
    _ burst: ArrivalBurst?,
    _ probability: ScoreProbability?,
    reference: LabelArrival?
  ) -> ArrivingFigures? {
    guard let clock = outcomeClock, !window.rows.isEmpty else { return nil }
    let slices = AgedRows.cut(
      window,
      start(of: window)..<end(of: window),
      at: clock,
      keepsRows: quality.isCorrected
    )
    let curve = quality.isCorrected ? arrivals.curve : nil
    return ArrivingFigures(
      labels: LabelFigures(
        window,
        slices,
        arrivals,
        reference: reference,
        isBinary: quality.task == .binary,
        at: clock
      ),
      corrected: curve.flatMap { CorrectedFigures(window, slices, $0, probability) },
      inFlight: curve.flatMap { curve in
        probability.flatMap { InFlightFigures(window, slices, curve, $0) }
      },
      complete: complete,
      burst: burst,
      length: quality.window.nanoseconds
    )
  }
}

extension OutcomeBook {
  /// How the labels of a part of a window come: what is told of them without a history.
  func arriving(
    _ window: QualityWindow,
    reference: LabelArrival?,
    isIn: (Int32) -> Bool
  ) -> ArrivingFigures? {
    guard let clock = outcomeClock, !window.rows.isEmpty else { return nil }
    let labels = LabelFigures(
      window,
      [],
      arrivals,
      reference: reference,
      isBinary: quality.task == .binary,
      at: clock,
      isIn: isIn
    )
    return ArrivingFigures(
      labels: labels,
      corrected: nil,
      inFlight: nil,
      complete: nil,
      burst: nil,
      length: quality.window.nanoseconds
    )
  }
}

/// The newest window whose outcomes are all there: what a sceptic goes by.
struct CompleteCohort: Sendable, Equatable {
  /// The window's number: its start over its length.
  let index: Int
  /// Its predictions with an outcome.
  private var labelled = 0
  /// Those of them whose outcome is positive.
  private var positives = 0
  /// How often decision and outcome were what.
  private var counts = ConfusionCounts()

  init(_ window: QualityWindow) {
    index = window.index
    for row in window.rows where row.isLabelled {
      labelled += 1
      if row.label == 1 { positives += 1 }
      guard !row.prediction.decision.isNaN else { continue }
      counts.insert(decision: row.prediction.decision == 1, outcome: row.label == 1)
    }
  }

  func value(_ statistic: StatisticName, confidence: Double) -> StatisticValue? {
    let outcomes = BinaryOutcomes(
      confusion: counts,
      table: ScoreTable(scores: [], outcomes: [])
    )
    switch statistic {
    case .count: return StatisticValue(value: Double(labelled), n: labelled)
    case .prevalence:
      return StatisticValue(hits: positives, of: labelled, confidence: confidence)
    case .accuracy, .precision, .recall, .specificity:
      return BinaryMeasure(rawValue: statistic.rawValue).flatMap {
        StatisticValue(outcomes.estimate($0, confidence: confidence), n: counts.count)
      }
    default: return nil
    }
  }

  /// The statistics in the order in which they go out.
  static let statistics: [StatisticName] = [
    .count, .prevalence, .accuracy, .precision, .recall, .specificity,
  ]
}

extension CompleteCohort: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(labelled)
    writer.write(positives)
    writer.write(
      [counts.truePositives, counts.falsePositives, counts.falseNegatives, counts.trueNegatives]
    )
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    index = try reader.read()
    labelled = try reader.read()
    positives = try reader.read()
    let kept: [Int] = try reader.read()
    guard kept.count == 4, kept.allSatisfy({ $0 >= 0 }), Int32(exactly: index) != nil,
      (0...labelled).contains(positives), kept.allSatisfy({ $0 <= labelled })
    else { throw .invalid(offset: start) }
    counts = ConfusionCounts(
      truePositives: kept[0],
      falsePositives: kept[1],
      falseNegatives: kept[2],
      trueNegatives: kept[3]
    )
  }
}
