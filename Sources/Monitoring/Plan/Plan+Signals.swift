internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

extension Plan {
  /// Where each objective's events are read and counted, behind what is counted already.
  static func budgets(
    of monitor: Monitor,
    base: inout Int,
    _ requests: RequestNumbers?,
    _ builder: inout SchemaBuilder
  ) -> [BudgetCounting] {
    monitor.slos.map { slo in
      defer { base += BudgetCounting.width }
      return BudgetCounting(
        goodSlots: slo.good.fields.map { builder.slot($0.path, $0.form) },
        validSlots: (slo.valid?.fields ?? []).map { builder.slot($0.path, $0.form) },
        base: base,
        isOfRequest: requests?.covers(slo.good.fields + (slo.valid?.fields ?? [])) ?? false
      )
    }
  }

  /// How drift of each signal is judged in a window: as the first rule that covers it says.
  static func criteria(
    of monitor: Monitor,
    _ window: WindowSpecification,
    _ signals: [String]
  ) -> [DriftCriterion] {
    let rules = monitor.rules.filter { $0.window == window.name }
    return signals.map { signal in
      for rule in rules {
        guard let tolerance = rule.expression.driftTolerance else { continue }
        let covers = rule.expression.uses.contains {
          $0.statistic == .drift && !$0.isCompared && $0.selector.matches(signal)
        }
        if covers { return DriftCriterion(tolerance: tolerance, confidence: rule.confidence) }
      }
      return DriftCriterion()
    }
  }

  /// The signals that a rule is judged for; one `nil` when it is about no single one.
  static func subjects(of rule: RuleSpecification, _ signals: [String]) -> [String?] {
    if let binding = rule.expression.bindingSelector {
      return signals.filter { binding.matches($0) }
    }
    let named = rule.expression.selectors.map(\.description)
    return [named.count == 1 ? named[0] : nil]
  }

  static func checkReference(
    of monitor: Monitor,
    _ profile: Profile,
    problems: inout [PlanError.Problem]
  ) {
    guard monitor.reference.needsTable else { return }
    if monitor.reference.isSeasonal {
      let (monitored, profiled) = (monitor.zone?.name ?? "UTC", profile.table?.zone ?? "UTC")
      if profile.table?.isSeasonal != true {
        problems.append(.noHours)
      } else if monitored != profiled {
        problems.append(.otherZone(monitor: monitored, profile: profiled))
      }
    } else if profile.table == nil {
      problems.append(.noTable)
    }
  }

  /// The profile's signals whose values look like persons'.
  static func warnings(personalIn signals: [SignalProfile]) -> [String] {
    signals.compactMap { signal in
      guard case .category(let reference) = signal.reference, !reference.isBoolean else {
        return nil
      }
      var events: [PersonalShape: UInt64] = [:]
      for (value, count) in zip(reference.values, reference.counts) {
        guard let shape = PersonalShape(text: String(decoding: value, as: UTF8.self)) else {
          continue
        }
        events[shape, default: 0] += count
      }
      let all = reference.counts.reduce(0, +)
      guard let (shape, count) = events.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
        count * UInt64(leastPersonalPart) >= all
      else { return nil }
      return
        "\(signal.name): personal data? \(grouped(Int(count))) of the profile's "
        + "\(counted(Int(all), "value")) look like \(shape.rawValue): list it under pii, "
        + "and make the profile again, or take it out of the features (docs/privacy.md)"
    }
  }

  /// One in so many values that look like persons' is enough to warn.
  private static let leastPersonalPart = 100

  /// The categories of which the profile cannot say how many new values are usual.
  static func warnings(newValuesOf signals: [SignalProfile]) -> [String] {
    signals.compactMap { signal in
      guard case .category(let reference) = signal.reference, !reference.isBoolean,
        reference.expectedUnseen == nil
      else { return nil }
      let reason =
        reference.hasOther
        ? "the profile keeps \(grouped(reference.values.count)) of its values, and the rest is one bin: "
          + "nothing can be unseen"
        : "nearly all its rare values came an even number of times, as if every event of the "
          + "reference had been read twice"
      return "\(signal.name): how many new values are usual cannot be told: \(reason)"
    }
  }

  static func strataWarnings(_ strata: FieldPath?, hasSignal: Bool) -> [String] {
    guard let strata, !hasSignal else { return [] }
    return [
      "reference.strata: \(strata) is no signal, so that nothing says when the mix moves: "
        + "add it to events.prediction.features"
    ]
  }
}

extension SignalProfile {
  /// A statistic of the reference itself; `nil` where it has none.
  func value(of statistic: StatisticName) -> Double? {
    guard !isUnprofiled else { return nil }
    let present = counts.reduce(0, +)
    switch statistic {
    case .count: return Double(Int(present) + missing + invalid)
    case .missing: return Double(missing)
    case .invalid: return Double(invalid)
    case .unusable: return unusableShare
    default: break
    }
    switch reference {
    case .category(let category):
      switch statistic {
      case .distinct: return Double(category.counts.count { $0 > 0 })
      case .unseen: return category.expectedUnseen.map(Double.init)
      default: return nil
      }
    case .number(let number):
      return number.summary.value(of: statistic)
    }
  }
}

extension SignalProfile {
  /// The share of the reference's events without a usable value; `nil` without events.
  var unusableShare: Double? {
    let unusable = missing + invalid
    let events = Int(counts.reduce(0, +)) + unusable
    return events > 0 && !isUnprofiled ? Double(unusable) / Double(events) : nil
  }
}

extension NumericSummary {
  func value(of statistic: StatisticName) -> Double? {
    switch statistic {
    case .distinct: Double(distinct)
    case .mean: mean
    case .std: standardDeviation
    case .min: minimum
    case .max: maximum
    case .p50: p50
    case .p90: p90
    case .p95: p95
    case .p99: p99
    default: nil
    }
  }
}
