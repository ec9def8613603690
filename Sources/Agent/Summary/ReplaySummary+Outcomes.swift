internal import Events
internal import Expressions
public import Monitoring
internal import Records
internal import Specification

extension ReplaySummary {
  /// How many events came twice, where somebody asks.
  static func duplicateLines(_ engine: Engine) -> [String] {
    guard let tally = engine.duplicateTally else { return [] }
    let exceptions: [(Int, String)] = [
      (tally.unnamed, "events without an id: nobody knows whether they came before"),
      (tally.forgotten, "ids forgotten within the horizon, because more than limits.pending came"),
      (tally.hurried, "events decided on before all had come that could be earlier: too many wait"),
    ]
    return ["", engine.duplicateSentence ?? ""]
      + exceptions.filter { $0.0 > 0 }.map { "  \(grouped($0.0)) \($0.1)" }
  }

  /// What came of outcomes, and how good the predictions were as far as is known.
  static func outcomeLines(
    _ standing: OutcomeStanding?,
    _ reference: ReferenceQuality?
  ) -> [String] {
    guard let standing else { return [] }
    let tally = standing.tally
    guard let last = standing.lastOutcome else {
      return ["", "Outcomes: none came, so nothing is known of the predictions' quality."]
    }
    let silent = tally.silent > 0 ? ", and \(grouped(tally.silent)) are negative by silence" : ""
    var lines = [
      "",
      "Outcomes: \(grouped(tally.labelled)) of \(counted(tally.predictions, "prediction")) have one"
        + "\(silent); the last is of \(Timestamp.format(last)).",
    ]
    lines += exceptions(tally)
    guard let newest = standing.newest, let stage = newest.stage else {
      let share = percentText(standing.maturity)
      return lines + [
        "No quality window is over with \(share) of its outcomes known: rules on quality wait."
      ]
    }
    lines.append(
      "Quality of the predictions from \(Timestamp.format(newest.start)) to "
        + "\(Timestamp.format(newest.end)), \(percentText(stage.maturity)) of the outcomes known"
        + "\(stage.isFinal ? ", final" : ""):"
    )
    return lines + measureTable(newest, reference) + classTable(newest) + baselineTable(newest)
      + burstLine(newest) + responseLine(newest)
  }

  /// The measures of a window: as they came out, in the reference, and by the estimate.
  private static func measureTable(
    _ window: MeasuredPart,
    _ reference: ReferenceQuality?
  ) -> [String] {
    var table = TextTable(
      ["measure", "value", "95 % from", "to", "n", "reference", "estimate", "95 % from", "to"],
      alignsRight: [false] + Array(repeating: true, count: 8)
    )
    let estimates = values(of: estimateName, in: window)
    for measurement in window.measurements
    where measurement.signal == qualityName && measurement.statistic != "maturity"
      && StatisticName(rawValue: measurement.statistic)?.isConfusionCount != true
    {
      let value = measurement.value
      let usual = reference?.measures.first { $0.name == measurement.statistic }?.value
      let estimate = measurement.statistic == "count" ? nil : estimates[measurement.statistic]
      table.append(
        [measurement.statistic]
          + [value.value, value.low, value.high].map { $0.map(shortNumber) ?? "" }
          + [grouped(value.n)]
          + [usual, estimate?.value, estimate?.low, estimate?.high].map {
            $0.map(shortNumber) ?? ""
          }
      )
    }
    return table.lines
  }

  /// Each of several classes, and how many predictions are of none that is listed.
  private static func classTable(_ part: MeasuredPart) -> [String] {
    var signals: [String] = []
    for signal in part.measurements.map(\.signal)
    where signal.hasPrefix(classPrefix) && signals.last != signal { signals.append(signal) }
    guard !signals.isEmpty else { return [] }
    var table = TextTable(
      ["class", "outcomes", "precision", "95 % from", "to", "recall", "95 % from", "to", "f1"],
      alignsRight: [false] + Array(repeating: true, count: 8)
    )
    for signal in signals {
      let own = values(of: signal, in: part)
      let (precision, recall) = (own["precision"], own["recall"])
      table.append(
        [visible(String(signal.dropFirst(classPrefix.count)))]
          + [own["count"].map { grouped(Int($0.value)) } ?? ""]
          + [precision?.value, precision?.low, precision?.high].map { $0.map(shortNumber) ?? "" }
          + [recall?.value, recall?.low, recall?.high].map { $0.map(shortNumber) ?? "" }
          + [own["f1"].map { shortNumber($0.value) } ?? ""]
      )
    }
    let others = values(of: classSignal(otherClassName), in: part)
    let told = ["true_positives", "false_positives", "false_negatives"]
      .reduce(0) { $0 + Int(others[$1]?.value ?? 0) }
    guard told > 0 else { return table.lines }
    return table.lines + [
      "\(counted(told, "prediction")) \(told == 1 ? "has" : "have") a decision or an outcome that "
        + "quality.classes does not list: \(otherClassName)."
    ]
  }

  /// Each baseline, and by how much the model is better.
  private static func baselineTable(_ part: MeasuredPart) -> [String] {
    let names = part.measurements.map(\.signal).filter { $0.hasPrefix(baselinePrefix) }
    // Always the same decision is worth a line where it is held against more, or costs something.
    let isAsked =
      Set(names).count > constantBaselines.count
      || part.measurements.contains { $0.statistic == "money" }
    guard isAsked, let first = names.first else { return [] }
    var table = TextTable(
      ["baseline", "measure", "value", "the model: better by", "95 % from", "to"],
      alignsRight: [false, false, true, true, true, true]
    )
    var signals = [first]
    for name in names where !signals.contains(name) { signals.append(name) }
    for signal in signals {
      let name = String(signal.dropFirst(baselinePrefix.count))
      let (own, lift) = (values(of: signal, in: part), values(of: liftPrefix + name, in: part))
      for measure in ["accuracy", "money"] {
        guard let value = own[measure], let better = lift[measure] else { continue }
        table.append([
          name, measure, shortNumber(value.value), shortNumber(better.value),
          better.low.map(shortNumber) ?? "", better.high.map(shortNumber) ?? "",
        ])
      }
    }
    return table.lines
  }

  private static func values(
    of signal: String,
    in part: MeasuredPart
  ) -> [String: StatisticValue] {
    var values: [String: StatisticValue] = [:]
    for measurement in part.measurements where measurement.signal == signal {
      values[measurement.statistic] = measurement.value
    }
    return values
  }

  /// What it means that few requests were answered, in a sentence; nothing where enough were.
  private static func responseLine(_ window: MeasuredPart) -> [String] {
    guard let response = values(of: sampleName, in: window)["response"]?.value,
      response < leastResponse
    else { return [] }
    return [
      "Only \(percentText(response)) of the requests for labels were answered: figures of sample "
        + "hold only if answering does not depend on the outcome within a stratum."
    ]
  }

  /// The share of answers below which a sample is warned of.
  private static let leastResponse = 0.8

  /// What a burst of labels does to the corrected figure, in a sentence; nothing where there is none.
  private static func burstLine(_ window: MeasuredPart) -> [String] {
    let told = window.measurements.first {
      $0.signal == correctedName && $0.statistic == "observed_to_expected"
    }
    guard let told, let burst = told.burst, ["burst", "slowdown"].contains(burst) else { return [] }
    return [
      "Old predictions get positive labels \(shortNumber(told.value.value)) times as fast as a year "
        + "ago (\(grouped(told.value.n)) came): what is corrected for labels to come is uncertain."
    ]
  }

  /// How the claim stands, in a line; none where nothing is claimed.
  static func claimLines(_ framing: FramingSpecification, _ claim: ClaimRecord?) -> [String] {
    guard framing.claim != nil else { return [] }
    guard let claim else {
      return ["Claim: \(ClaimRecord.undecidedWords), because no prediction is mature."]
    }
    let value = claim.value.map { claim.words($0) } ?? "unknown"
    let money =
      claim.money.map {
        " All mature predictions of that time were worth \(amount($0, claim.unit))."
      } ?? ""
    return [
      "Claim: \(claim.verdictWords). Claimed: \(claim.claimWords). It is \(value), between "
        + "\(claim.words(claim.low)) and \(claim.words(claim.high)), by "
        + "\(counted(claim.n, "mature prediction")) from \(Timestamp.format(claim.start)) to "
        + "\(Timestamp.format(claim.end))\(claim.isPeriodOver ? "" : ", which is not over").\(money)"
    ]
  }

  /// What did not join, a line each.
  private static func exceptions(_ tally: OutcomeTally) -> [String] {
    let counts: [(Int, String)] = [
      (tally.unnamed, "predictions without an id: no outcome can meet them"),
      (tally.duplicates, "predictions whose id and version came before: the earliest counts"),
      (tally.corrected, "outcomes that corrected an earlier one"),
      (tally.repeated, "outcomes that said what was known, or knew less"),
      (tally.skipped, "answers that were skipped: non-response, never a negative"),
      (tally.judged, "judges' verdicts: no outcomes"),
      (tally.tied, "votes that left a tie, which is no outcome"),
      (tally.unheard, "votes not heard, because 64 had voted on the prediction"),
      (tally.early, "outcomes of a time before their prediction's"),
      (tally.tooLate, "outcomes after the horizon: their predictions no longer waited"),
      (tally.unmatched, "outcomes without a prediction within the horizon"),
      (tally.forgotten, "outcomes forgotten, because more than limits.pending waited"),
      (tally.unkept, "predictions not waited for, because as many as may of their window do"),
      (
        tally.crowdedOut,
        "quality windows closed early, because more than limits.pending and limits.spilled waited"
      ),
      (tally.damaged, "predictions damaged on the disk, where they waited"),
    ]
    return counts.filter { $0.0 > 0 }.map { "  \(grouped($0.0)) \($0.1)" }
  }
}

extension Engine {
  /// How many events came twice and what became of them; `nil` where nobody asks.
  public var duplicateSentence: String? {
    duplicateTally.map {
      "Duplicates: \(counted($0.duplicates, "event")) had an id and version that came before"
        + (plan.dropsRepeats ? ": they are dropped." : ".")
    }
  }
}
