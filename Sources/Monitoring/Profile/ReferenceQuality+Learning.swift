internal import Expressions
internal import Records
internal import Specification
internal import Statistics

extension ReferenceQuality {
  /// Learns from predictions and their outcomes; `nil` where no prediction has one.
  ///
  /// - Parameters:
  ///   - labelled: The predictions of the reference.
  ///   - quality: How outcomes are held against them.
  ///   - membership: The keys of each value of each segment's field.
  init?(
    _ labelled: LabelledPredictions,
    _ quality: QualitySpecification,
    membership: [[[Int]]]
  ) {
    let horizon = quality.horizon.nanoseconds
    var window = labelled.joined(horizon: horizon)
    guard let clock = labelled.outcomeClock else { return nil }
    let due = clock.saturatingSubtract(horizon)
    let curve = LabelArrival(mature: window, horizon: horizon, before: due)
    // A prediction that is younger than the horizon may still get its outcome: those that come early
    // are mostly of one class, so nothing is learnt from them where silence means something.
    if quality.silenceIsNegative {
      window.rows.removeAll { $0.prediction.time >= due }
      for index in window.rows.indices where window.rows[index].isSilence {
        window.rows[index].label = 0
      }
    }
    let order = quality.task == .binary ? window.placesByScore : []
    let criteria = QualityFigures.Criteria(quality)
    let figures = QualityFigures(window, byScore: order, criteria) { _ in true }
    guard figures.labelled > 0 else { return nil }
    predictions = window.rows.count
    self.labelled = figures.labelled
    measures = criteria.measures.compactMap { measure in
      figures.value(measure, of: qualityName, confidence: QualityFigures.confidence).map {
        Measure(name: measure.name, value: $0.value, low: $0.low, high: $0.high)
      }
    }
    delays = curve
    let task = quality.task
    let whole =
      task == .binary ? ScoreCalibration(window.scoreTable(order) { _ in true }) : .unknown
    calibration = whole
    segmentCalibrations = membership.map { values in
      values.map { keys in
        guard task == .binary else { return .unknown }
        let own = Set(keys.map { Int32($0) })
        return ScoreCalibration(
          segment: window.scoreTable(order) { own.contains($0) },
          whole: whole
        )
      }
    }
  }
}

extension LabelArrival {
  /// How long the labels of predictions took that are older than the horizon; `nil` where none has one.
  fileprivate init?(mature window: QualityWindow, horizon: Int64, before due: Int64) {
    self.init(ages: ArrivalHistory.ages(horizon: max(horizon, 1)))
    for row in window.rows where row.prediction.time < due { insert(row) }
    if silent == count { return nil }
  }
}
