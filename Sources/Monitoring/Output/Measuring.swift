internal import Expressions

/// Which numbers an engine works out and hands out, beside those that rules need.
public enum Measuring: Sendable {
  /// None.
  case nothing
  /// What a report shows of all of the traffic, and of each version how good its predictions were.
  case report
  /// Every statistic of all of the traffic.
  case whole
  /// Every statistic of every part of the traffic: what a metrics file holds.
  case everything

  /// Whether the numbers of a part of the traffic are wanted.
  func includes(_ part: PartName) -> Bool {
    switch self {
    case .nothing: false
    case .report, .whole: part == .whole
    case .everything: true
    }
  }

  /// Whether it is wanted how good the predictions of a part of the traffic were.
  ///
  /// A report shows that of all of the traffic and of each version.
  func includesQuality(of part: PartName, _ plan: Plan) -> Bool {
    guard case .report = self, case .part(let dimension, _) = part else { return includes(part) }
    return plan.dimensions[dimension].segment == nil
  }

  /// The statistics that are wanted, in the order in which they are handed out.
  var statistics: WantedStatistics {
    switch self {
    case .nothing: WantedStatistics([])
    case .report:
      WantedStatistics(
        ofFeatures: [.count, .missing, .unseen, .invalid, .drift],
        ofOthers: [.count, .missing, .unseen, .invalid, .mean, .p50, .p99, .drift]
      )
    case .whole, .everything: WantedStatistics(StatisticName.ofEvents)
    }
  }
}

/// The statistics that are worked out of each signal of a part of the traffic.
struct WantedStatistics {
  /// Those of the model's inputs.
  let ofFeatures: [StatisticName]
  /// Those of what the model says and of how it fares.
  let ofOthers: [StatisticName]

  init(ofFeatures: [StatisticName], ofOthers: [StatisticName]) {
    self.ofFeatures = ofFeatures
    self.ofOthers = ofOthers
  }

  /// The same of all signals.
  init(_ all: [StatisticName]) { self.init(ofFeatures: all, ofOthers: all) }

  /// Whether there are none.
  var isEmpty: Bool { ofFeatures.isEmpty && ofOthers.isEmpty }

  /// Those of one signal.
  func of(_ signal: Signal) -> [StatisticName] { signal.isFeature ? ofFeatures : ofOthers }
}
