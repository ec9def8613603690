/// Which numbers an engine works out and hands out, beside those that rules need.
public enum Measuring: Sendable {
  /// None.
  case nothing
  /// Every statistic of all of the traffic: what a report shows.
  case whole
  /// Every statistic of every part of the traffic: what a metrics file holds.
  case everything

  /// Whether the numbers of a part of the traffic are wanted.
  func includes(_ view: ViewName) -> Bool {
    switch self {
    case .nothing: false
    case .whole: view == .whole
    case .everything: true
    }
  }
}
