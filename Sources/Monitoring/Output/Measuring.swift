internal import Expressions

/// Which numbers an engine works out and hands out, beside those that rules need.
public enum Measuring: Sendable {
  /// None.
  case nothing
  /// What a report shows of all of the traffic.
  case report
  /// Every statistic of all of the traffic.
  case whole
  /// Every statistic of every part of the traffic: what a metrics file holds.
  case everything

  /// Whether the numbers of a part of the traffic are wanted.
  func includes(_ view: ViewName) -> Bool {
    switch self {
    case .nothing: false
    case .report, .whole: view == .whole
    case .everything: true
    }
  }

  /// The statistics of signals that are wanted, in the order in which they are handed out.
  var statistics: [StatisticName] {
    switch self {
    case .nothing: []
    case .report: [.count, .missing, .unseen, .invalid, .mean, .p50, .p99, .drift]
    case .whole, .everything: StatisticName.allCases
    }
  }
}
