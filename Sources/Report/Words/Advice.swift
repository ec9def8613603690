internal import Records
internal import Standing

/// What to do now.
///
/// Derived from what fires, from what is beyond its limit and from what is wrong with the data in
/// the last windows: of what is over there is nothing to do.
struct Advice {
  let verdict: Verdict
  /// Signals of which much more is missing or invalid than in the reference, in the last window.
  let broken: [String]
  /// Signals with values that the reference does not know, in the last window.
  let unseen: [String]
  /// SLOs whose budget is spent or nearly so.
  let spent: [String]
  /// Whether an alert fires because no events come.
  var isSilent = false
  /// Whether what is claimed of the model is shown not to be so.
  var failsClaim = false

  /// Sentences, the most urgent first.
  var sentences: [String] {
    var sentences: [String] = []
    if isSilent {
      sentences.append(
        "No events come: look at the service and at the way its events take. All else is of before."
      )
    }
    if !spent.isEmpty {
      sentences.append(
        "The error budget of \(listed(spent)) is spent: stop risky changes until it is back."
      )
    }
    if !broken.isEmpty {
      sentences.append(
        "Mend the data first: \(listed(broken)) \(broken.count == 1 ? "has" : "have") far more "
          + "values missing or invalid than the reference. Drift of a field that does not arrive "
          + "says little about the model."
      )
    }
    if !unseen.isEmpty {
      sentences.append(
        "Ask whether the new values of \(listed(unseen)) are meant: if so, the reference and the "
          + "model must learn them; if not, the producer has changed."
      )
    }
    if failsClaim {
      sentences.append(
        "The claim fails: see which measure of the predictions became worse and since when, then "
          + "decide whether to retrain, to move the decision's threshold or to claim less."
      )
    }
    sentences += aboutParts + aboutDrift
    if sentences.isEmpty { sentences.append(quiet) }
    return sentences
  }

  /// Where all that fires is about parts of the traffic, these are where to look.
  private var aboutParts: [String] {
    var parts: [String] = []
    for alert in verdict.firing {
      guard let part = alert.part else { return [] }
      if !parts.contains(part) { parts.append(part) }
    }
    guard !parts.isEmpty else { return [] }
    return ["What fires is about \(listed(parts)) alone: begin there."]
  }

  private var aboutDrift: [String] {
    let outputs = verdict.movedNow.filter { ["score", "decision"].contains($0.signal) }
    let inputs = verdict.movedNow.filter {
      !(["score", "decision"] + workedOutNames).contains($0.signal)
        && !$0.signal.hasPrefix("kpis.")
    }
    if !outputs.isEmpty, let first = inputs.first {
      return [
        "Inputs and outputs moved: find out whether \(first.signal) changed in the world or in "
          + "the pipeline. If it is the world and lasts, profile a new reference and check the "
          + "decision's threshold against outcomes."
      ]
    }
    if !outputs.isEmpty {
      return [
        "What the model says moved while its inputs did not: look at the last deployment, the "
          + "model's version and how features are computed."
      ]
    }
    if let first = inputs.first {
      return [
        "Inputs moved and what the model says did not: no hurry. Look at \(first.signal) and see "
          + "whether it comes back."
      ]
    }
    return []
  }

  private var quiet: String {
    switch verdict.state {
    case .nothing: "See below why lines were refused, and check the monitor's `time` and `when`."
    case .unwatched: "Write a rule, or make a profile: `leeway init` begins with both."
    case .untold: "See which values or lines cannot be used, and mend the producer."
    case .well: "Nothing."
    case .recovered: "Nothing now. Find out what it was, if nobody knows yet: it may come again."
    case .drifting, .spent, .belowClaim: "Look at the signals below."
    case .unwell: "Look at what fires: \(listed(names(verdict.firing)))."
    }
  }

  private func names(_ alerts: [Snapshot.StandingAlertLine]) -> [String] {
    var names: [String] = []
    for alert in alerts {
      let subject = alert.subject
      let name = subject.isEmpty ? alert.alert : "\(alert.alert) on \(subject)"
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

/// Names in a sentence: a, b and c; at most four of them.
func listed(_ names: [String]) -> String {
  let more = names.count - 4
  let shown = names.prefix(more > 0 ? 4 : names.count) + (more > 0 ? ["\(more) more"] : [])
  guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
  return shown.dropLast().joined(separator: ", ") + " and " + last
}
