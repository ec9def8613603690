internal import Expressions
internal import Records
internal import Specification

extension SignalStatistics {
  /// The histograms of what a statistic compares.
  func comparison(
    for statistic: StatisticName
  ) -> (
    all: [Evidence.BinShares],
    moved: [Evidence.BinShares],
    unseen: [Evidence.UnseenCount]
  ) {
    histograms(isAdjusted: isAdjusted && statistic.isWithinStrata)
  }

  /// What a statistic compares the window with, in words.
  func referenceName(for statistic: StatisticName) -> String? {
    let name = part.reference.name(plan)
    guard isAdjusted, statistic.isWithinStrata, let strata = plan.monitor.reference.strata else {
      return name
    }
    return (name ?? "the profile") + ", at the window's mix of \(strata)"
  }
}

extension StatisticName {
  /// Whether the statistic compares with the reference at the window's own mix of strata.
  var isWithinStrata: Bool { self == .drift || self == .within }
}

extension ReferenceCounts {
  /// What a window is compared with, in words; `nil` where the monitor does not name its profile.
  func name(_ plan: Plan) -> String? {
    let length = plan.monitor.reference.period?.length.description ?? ""
    return switch basis {
    case .profile: plan.monitor.profile
    case .profileHours: "the same hours of the week of \(plan.monitor.profile ?? "the profile")"
    case .rolling, .waiting: "the last \(length)"
    case .sameHour: "the same hours of the last \(length)"
    case .version: plan.monitor.canary.map { "version \($0.stable)" }
    }
  }
}

extension JudgedPart {
  /// The statistics of a signal.
  func statistics(_ index: Int, _ plan: Plan) -> SignalStatistics {
    SignalStatistics(plan, plan.signals[index], part, history)
  }

  /// Whether a rule's alert on a signal says that the mix of the traffic has moved.
  func isAboutMix(_ rule: RuleSpecification, _ signal: String?, _ plan: Plan) -> Bool {
    guard let strata = plan.strataSignal else { return false }
    let subject = signal ?? rule.expression.subject?.selector.description
    return subject == strata
      && rule.expression.uses.contains {
        $0.statistic.comparesWithReference && ![.unseen, .outOfRange].contains($0.statistic)
          && $0.selector.matches(strata)
      }
  }
}
