internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

/// What goes to those who label and train, and what it is drawn from.
struct FeedbackBook: Sendable {
  let specification: FeedbackSpecification
  private(set) var sampler: RelabelSampler?
  private let probability: ScoreProbability?
  private let costs: FramingSpecification.Cost?
  /// Requests that were not handed out yet.
  private(set) var requests: [RelabelRequest] = []

  /// `nil` where nothing goes out.
  init?(_ plan: Plan) {
    guard !plan.monitor.feedback.isEmpty else { return nil }
    specification = plan.monitor.feedback
    sampler = plan.monitor.feedback.relabel.map { RelabelSampler($0) }
    probability = plan.probability(in: .whole)
    costs = plan.monitor.framing.cost
  }

  /// A prediction of a pane that may be asked for, and where it stands.
  struct Drawn {
    let candidate: RelabelSampler.Candidate
    let window: Int
    let row: Int
    /// The segment whose alert raises it, as a place among those that alerts raise.
    let raisedBy: PartName?
  }

  /// How uncertain and costly a decision is; `nil` where that is not known.
  func doubt(_ prediction: PredictionRow) -> Double? {
    guard let wrong = probability?.wrong(prediction) else { return nil }
    let cost = costs.map { prediction.decision == 1 ? $0.falsePositive : $0.falseNegative } ?? 1
    return (wrong * (1 - wrong)).squareRoot() * cost.magnitude
  }

  /// Draws from a pane.
  mutating func draw(
    _ drawn: [Drawn],
    in pane: Range<Int64>
  ) -> [(place: Int, inclusion: Double)] {
    sampler?.draw(drawn.map(\.candidate), in: pane) ?? []
  }

  /// Goes on with what was spent.
  mutating func take(_ sampler: RelabelSampler) {
    if self.sampler != nil { self.sampler = sampler }
  }

  mutating func append(_ request: RelabelRequest) { requests.append(request) }

  mutating func takeRequests() -> [RelabelRequest] {
    defer { requests = [] }
    return requests
  }
}

extension OutcomeBook {
  /// Writes what the sampler has spent.
  func encodeSampler(into writer: inout ByteWriter) {
    writer.write(feedback?.sampler != nil)
    feedback?.sampler?.encode(into: &writer)
  }

  /// Takes over what was written, where labels are still asked for.
  mutating func restoreSampler(from reader: inout ByteReader) throws(CodingError) {
    guard try reader.read() as Bool else { return }
    var sampler = feedback?.sampler ?? RelabelSampler(.init(budgets: []))
    try sampler.restore(from: &reader)
    feedback?.take(sampler)
  }
}

extension OutcomeBook {
  /// Asks for labels of predictions of a pane.
  ///
  /// - Parameters:
  ///   - drawn: Those that may be asked for, in order.
  ///   - pane: The pane's start and end, in nanoseconds since 1970.
  ///   - plan: What is computed.
  mutating func ask(_ drawn: [FeedbackBook.Drawn], in pane: Range<Int64>, _ plan: Plan) {
    guard let members = feedback?.draw(drawn, in: pane),
      let relabel = feedback?.specification.relabel, let sampler = feedback?.sampler
    else { return }
    // What came in this pane is in memory still.
    for one in drawn {
      windows[one.window].rows[one.row - windows[one.window].spilled].isCandidate = true
    }
    for (place, inclusion) in members {
      let one = drawn[place]
      let raised = one.raisedBy.map { plan.names(of: $0) }
      let reason: RelabelReason =
        raised != nil ? .alert : sampler.isUncertain(one.candidate) ? .uncertain : .uniform
      let row = one.row - windows[one.window].spilled
      windows[one.window].rows[row].inclusion = inclusion
      windows[one.window].rows[row].reason = reason
      tally.asked += 1
      let prediction = windows[one.window].rows[row].prediction
      guard let payload = Payload(windows[one.window].payloads[Int(prediction.payload)]) else {
        continue
      }
      feedback?.append(
        RelabelRequest(
          id: sampler.requestID(prediction.id, model: plan.monitor.model),
          prediction: payload.id,
          model: plan.monitor.model,
          version: payload.version.isEmpty ? nil : payload.version,
          time: prediction.time,
          deadline: relabel.deadline.map { pane.upperBound + $0.nanoseconds },
          inclusion: inclusion,
          reason: reason.word,
          policy: relabel.policy,
          segment: raised?.segment,
          features: payload.features,
          answer: relabel.tellsAnswer ? prediction.answer : nil
        )
      )
    }
  }

  /// Whether rows are to be handed out.
  var hasRows: Bool {
    feedback?.specification.hasRows == true
      && windows.contains { $0.emitted < $0.expired || !$0.news.isEmpty }
  }

  /// Hands out the requests of the last pane.
  mutating func takeRequests() -> [FeedbackRecord] {
    feedback?.takeRequests().map { .request($0) } ?? []
  }

  /// Hands out rows to train on whose outcome is final, and behind them those whose outcome is news.
  ///
  /// - Parameters:
  ///   - limit: How many rows at most.
  ///   - plan: What is computed.
  /// - Returns: The records, in a fixed order.
  mutating func takeRows(limit: Int, _ plan: Plan) -> [FeedbackRecord] {
    var records: [FeedbackRecord] = []
    let profile = plan.profile.contentHash
    for index in windows.indices where windows[index].emitted < windows[index].expired {
      let end = min(windows[index].expired, windows[index].emitted + limit - records.count)
      guard end > windows[index].emitted else { break }
      bringBack(index)
      let rates = ResponseRates(windows[index].rows)
      for row in windows[index].emitted..<end {
        if let example = example(windows[index], row, rates, profile, plan, isFinal: true) {
          records.append(.example(example))
        }
        let payload = windows[index].rows[row].prediction.payload
        // What has left, or may not, is not kept.
        if payload >= 0 { windows[index].payloads[Int(payload)] = [] }
      }
      windows[index].emitted = end
    }
    for index in windows.indices where !windows[index].news.isEmpty {
      takeNews(of: index, limit: limit, profile, plan, into: &records)
    }
    return records
  }

  /// Hands out rows of a window whose outcome is known and may still change.
  private mutating func takeNews(
    of index: Int,
    limit: Int,
    _ profile: String,
    _ plan: Plan,
    into records: inout [FeedbackRecord]
  ) {
    let due = windows[index].news.sorted()
    let taken = due.prefix(max(0, limit - records.count)).map { Int($0) }
    windows[index].news = Array(due.dropFirst(taken.count))
    // Only rows that were asked for have a weight.
    let isAsked = taken.contains { windows[index].rows[$0].inclusion > 0 }
    let rates = ResponseRates(isAsked ? windows[index].rows : [])
    for row in taken {
      windows[index].rows[row].isNews = false
      guard row >= windows[index].emitted,
        let example = example(windows[index], row, rates, profile, plan, isFinal: false)
      else { continue }
      records.append(.example(example))
      let revision = windows[index].rows[row].revision
      windows[index].rows[row].revision = revision == .max ? .max : revision + 1
    }
  }

  /// A row to train on; `nil` where it must not leave, or has no outcome and never had one that left.
  private func example(
    _ window: QualityWindow,
    _ row: Int,
    _ rates: ResponseRates,
    _ profile: String,
    _ plan: Plan,
    isFinal: Bool
  ) -> TrainingExample? {
    let joined = window.rows[row]
    let prediction = joined.prediction
    // Votes that tie are no outcome: what left before is taken back.
    guard joined.isLabelled || joined.revision > 0, prediction.payload >= 0,
      let payload = Payload(window.payloads[Int(prediction.payload)])
    else { return nil }
    if let retention = feedback?.specification.retention, let clock = outcomeClock,
      clock.saturatingSubtract(prediction.time) > retention.nanoseconds
    {
      return nil
    }
    let isAsked = joined.inclusion > 0 && !joined.isSilent
    let isKnown = joined.isLabelled
    return TrainingExample(
      id: payload.id,
      revision: Int(joined.revision) + 1,
      isFinal: isFinal,
      model: plan.monitor.model,
      version: payload.version.isEmpty ? nil : payload.version,
      time: prediction.time,
      features: payload.features,
      outcome: isKnown ? joined.label : nil,
      outcomeTime: isKnown && !joined.isSilent ? joined.labelTime : nil,
      route: !isKnown ? "none" : joined.isSilent ? "silence" : isAsked ? "sample" : "itself",
      weight: isKnown && isAsked
        ? rates.rate(of: joined).map { 1 / (joined.inclusion * $0) } : nil,
      profile: profile
    )
  }
}

extension PredictionRow {
  /// What the model answered.
  fileprivate var answer: RelabelRequest.Answer {
    RelabelRequest.Answer(
      score: score.isFinite ? score : nil,
      decision: decision.isNaN ? nil : decision == 1
    )
  }
}
