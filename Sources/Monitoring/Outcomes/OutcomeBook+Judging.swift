internal import Expressions
internal import Records
internal import Specification
internal import Statistics

extension OutcomeBook {
  func start(of window: QualityWindow) -> Int64 {
    Int64(window.index) * quality.window.nanoseconds
  }

  func end(of window: QualityWindow) -> Int64 {
    start(of: window) + quality.window.nanoseconds
  }

  /// Judges the windows of which something came.
  mutating func judge(at boundary: Int, _ context: JudgingContext) -> Judgement {
    guard let due = nextBoundary, due <= boundary || context.endedAfter != nil,
      let width = context.plan.paneWidth
    else { return Judgement() }
    nextBoundary = nil
    // At a stream's end it is as late as its last events say, and no later.
    let end = context.endedAfter.map { max($0, lastPane ?? $0) + 1 } ?? boundary
    var judgement = Judgement(time: Int64(min(boundary, end)) * width)
    var figures: [Int: [(PartName, QualityFigures)]] = [:]
    let burst = burst()
    for position in windows.indices where windows[position].isDirty {
      windows[position].revision += 1
      let window = whole(at: position)
      windows[position].isDirty = false
      windows[position].judgedRows = windows[position].count
      noteCohort(window)
      let parts = self.figures(of: window, burst, context)
      figures[window.index] = parts
      for (part, figures) in parts {
        let measured = measured(part, figures, of: window, at: judgement.time, context.plan)
        if part == .whole, isMature(window, at: judgement.time) {
          note(measured, of: window, context)
        }
        if context.measuring.includesQuality(of: part, context.plan) {
          judgement.measured.append(measured)
        }
      }
    }
    judgement.feedback = mature.news(at: judgement.time, context.plan.monitor)
    judgement.reports = judgeRules(figures, burst, at: judgement.time, context)
    let keepsRows = feedback?.specification.hasRows == true
    let over = windows.filter { isOver($0) && (!keepsRows || $0.emitted == $0.expired) }
    for window in over {
      forget(window)
      removeSpilled(window)
    }
    windows.removeAll { window in over.contains { $0.index == window.index } }
    return judgement
  }

  /// Keeps how a window stands whose outcomes are known well enough, unless a newer one is known.
  private mutating func note(
    _ measured: MeasuredPart,
    of window: QualityWindow,
    _ context: JudgingContext
  ) {
    if let known = newest, known.measured.start > measured.start { return }
    let criteria = context.plan.monitor.qualityCriteria
    var scores: ScoreStanding?
    if criteria.task == .binary, context.measuring.includes(.whole) {
      let probability = context.plan.probability(in: .whole)
      scores = ScoreStanding(window, measured, criteria.values, probability)
    }
    newest = (measured, scores)
  }

  /// Judges the rules, each kind in the window that it looks at.
  ///
  /// - Parameters:
  ///   - figures: Those of the windows of which something came, by their numbers.
  ///   - burst: How fast labels of old predictions come.
  ///   - time: When.
  ///   - context: What judges look at.
  /// - Returns: How the alerts stand.
  private mutating func judgeRules(
    _ figures: [Int: [(PartName, QualityFigures)]],
    _ burst: ArrivalBurst?,
    at time: Int64,
    _ context: JudgingContext
  ) -> [AlertReport] {
    var reports: [AlertReport] = []
    for basis in QualityBasis.allCases {
      let all = context.plan.qualityRules.filter { $0.specification.expression.basis == basis }
      guard !all.isEmpty, let position = window(of: basis, at: time) else { continue }
      var parts = verdicts(burst, context.plan)
      var bounds = (mature.claim?.bounds ?? time..<time)
      if basis != .verdict {
        let window = windows[position]
        parts = figures[window.index] ?? self.figures(of: whole(at: position), burst, context)
        bounds = start(of: window)..<end(of: window)
      }
      reports += rules.judge(all, parts, of: bounds, at: time, context.plan)
    }
    return reports
  }

  /// The position of the window that rules look at; `nil` where there is none yet.
  private func window(of basis: QualityBasis, at time: Int64) -> Int? {
    switch basis {
    case .outcomes: windows.lastIndex { isMature($0, at: time) }
    case .arriving: windows.lastIndex { end(of: $0) <= time && isArriving($0) }
    case .estimate: windows.lastIndex { end(of: $0) <= time }
    case .verdict: windows.indices.last
    }
  }

  /// What is said of the claim, of the canaries and of a burst, by their signals' names.
  ///
  /// One canary is said of all of the traffic; of several each is said of its version.
  private func verdicts(_ burst: ArrivalBurst?, _ plan: Plan) -> [(PartName, QualityFigures)] {
    var codes: [String: Double] = [:]
    codes[claimName] = mature.claim?.code
    let word = burst.word.rawValue
    codes[burstName] = VerdictWords.of[burstName]?.firstIndex(of: word).map { Double($0) }
    let areSeveral = plan.monitor.canary?.areSeveral == true
    if !areSeveral { codes[canaryName] = mature.canaries.first?.code }
    var parts: [(PartName, QualityFigures)] = [(.whole, .verdicts(codes))]
    if areSeveral {
      for canary in mature.canaries {
        guard let part = plan.part(ofVersion: canary.canary) else { continue }
        codes[canaryName] = canary.code
        parts.append((part, .verdicts(codes)))
      }
    }
    return parts
  }

  /// Whether all predictions of a window are there, and the outcomes of so many that rules look at
  /// it.
  private func isMature(_ window: QualityWindow, at time: Int64) -> Bool {
    end(of: window) <= time && window.maturity >= quality.maturity
  }

  /// The figures of each part of the traffic that is looked at.
  private func figures(
    of window: QualityWindow,
    _ burst: ArrivalBurst?,
    _ context: JudgingContext
  ) -> [(PartName, QualityFigures)] {
    let criteria = context.plan.monitor.qualityCriteria
    let order = criteria.task == .binary ? window.placesByScore : []
    var names: [PartName] = [.whole]
    var isPresent = [Bool](repeating: false, count: keys.count)
    for row in window.rows { isPresent[Int(row.prediction.key)] = true }
    let present = keys.indices.filter { isPresent[$0] }
    for dimension in context.plan.dimensions.indices {
      let values = Set(present.map { keys[$0].values[dimension] })
      names += values.sorted().map { .part(dimension: dimension, $0) }
    }
    return names.compactMap { name in
      guard
        name == .whole || context.measuring.includesQuality(of: name, context.plan)
          || context.plan.qualityRules.contains(where: { $0.scope.contains(name) })
      else { return nil }
      let isIn = keys.map { key in
        switch name {
        case .whole: true
        case .part(let dimension, let value): key.values[dimension] == value
        }
      }
      let probability = context.plan.probability(in: name)
      var criteria = criteria
      // How well a feature predicts the outcome is of all of the traffic.
      if name != .whole { criteria.leakage = [] }
      var figures = QualityFigures(
        window,
        byScore: order,
        criteria,
        probability: probability
      ) { isIn[Int($0)] }
      figures.distrust = mature.trust?.distrust
      figures.compareVotes(window, criteria.task) { isIn[Int($0)] }
      let reference = context.plan.profile.quality?.delays
      figures.arriving =
        name == .whole
        ? arriving(window, burst, probability, reference: reference)
        : arriving(window, reference: reference) { isIn[Int($0)] }
      return (name, figures)
    }
  }

  private func measured(
    _ part: PartName,
    _ figures: QualityFigures,
    of window: QualityWindow,
    at time: Int64,
    _ plan: Plan
  ) -> MeasuredPart {
    let names = plan.names(of: part)
    return MeasuredPart(
      model: plan.monitor.model,
      window: qualityName,
      start: start(of: window),
      end: end(of: window),
      version: names.version,
      segment: names.segment,
      stage: QualityStage(
        time: time,
        maturity: figures.maturity,
        revision: window.revision,
        isFinal: isOver(window) && !window.isCrowdedOut
      ),
      measurements: figures.measurements(plan.monitor.qualityCriteria)
        + (figures.arriving?.measurements ?? [])
    )
  }
}

extension Plan {
  /// The probability that a score stands for in a part of the traffic; `nil` where it is not known.
  ///
  /// A version's scores stand for what the reference's did: whether that still holds is what the
  /// detector of trust watches.
  func probability(in part: PartName) -> ScoreProbability? {
    guard let quality = profile.quality else { return nil }
    guard case .part(let dimension, let value) = part, let segment = dimensions[dimension].segment
    else { return quality.calibration.function(whole: nil) }
    guard case .value(let bytes) = value,
      let place = profile.segments[segment].values.firstIndex(of: bytes)
    else { return nil }
    return quality.segmentCalibrations[segment][place].function(whole: quality.calibration)
  }
}

/// What rules on quality look at.
private enum QualityBasis: CaseIterable {
  /// Outcomes, so that a window must be mature.
  case outcomes
  /// Labels as they come, so that some of each prediction's age must be due.
  case arriving
  /// Nothing that waits for labels, so that all predictions of a window are enough.
  case estimate
  /// A verdict, which is of no window.
  case verdict
}

extension WindowExpression {
  fileprivate var basis: QualityBasis {
    if uses.allSatisfy({ $0.statistic == .verdict }) { return .verdict }
    let early = [estimateName, inFlightName, completeName]
    let names = uses.map(\.selector.description)
    if names.allSatisfy({ early.contains($0) }) { return .estimate }
    let isArriving = names.allSatisfy { early.contains($0) || arrivalSignals.contains($0) }
    return isArriving ? .arriving : .outcomes
  }
}
