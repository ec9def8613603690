internal import Events
internal import Expressions

extension ReferenceSpecification {
  /// What windows are compared with, a line each; nothing when that is the profile alone.
  public var sentences: [String] {
    var lines: [String] = []
    switch period {
    case nil: break
    case .rolling(let length):
      lines.append(
        "Compared with the \(length) before each window; nothing is until the stream is so old."
      )
    case .sameHour(let length):
      lines.append(
        "Compared with the same hours of the \(length) before each window; until the stream is "
          + "so old, with those of the profile."
      )
    }
    if let strata {
      lines.append("Drift is judged at each window's own mix of \(strata).")
    }
    return lines
  }
}
