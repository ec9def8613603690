/// The shares of the requests for labels that were answered, by stratum.
///
/// A stratum is a reason and a combination of segments' and version's values. One of few requests, or
/// without an answer, is taken together with the others like it of the same reason, then of any, then
/// with all.
struct ResponseRates {
  private struct Count {
    var asked = 0
    var answered = 0

    /// Whether it tells a rate by itself.
    var isFirm: Bool { asked >= ResponseRates.strataLimit && answered > 0 }
    var rate: Double { Double(answered) / Double(asked) }

    mutating func add(_ other: Count) {
      asked += other.asked
      answered += other.answered
    }
  }

  private struct Stratum: Hashable {
    let reason: RelabelReason
    let key: Int32
  }

  private var strata: [Stratum: Count] = [:]
  private var reasons: [RelabelReason: Count] = [:]
  private var rest = Count()
  private var all = Count()

  /// The fewest requests of which a stratum's own rate is taken.
  static let strataLimit = 20

  /// Counts the requests among some predictions, and their answers.
  init(_ rows: [JoinedRow]) {
    for row in rows where row.inclusion > 0 {
      let count = Count(asked: 1, answered: row.isAnswered ? 1 : 0)
      strata[Stratum(reason: row.reason, key: row.prediction.key), default: Count()].add(count)
      all.add(count)
    }
    for (stratum, count) in strata where !count.isFirm {
      reasons[stratum.reason, default: Count()].add(count)
    }
    for count in reasons.values where !count.isFirm { rest.add(count) }
  }

  /// The share of the requests like that of a prediction that were answered; `nil` where none was.
  func rate(of row: JoinedRow) -> Double? {
    let own = strata[Stratum(reason: row.reason, key: row.prediction.key)]
    for count in [own, reasons[row.reason], rest] {
      if let count, count.isFirm { return count.rate }
    }
    return all.answered > 0 ? all.rate : nil
  }
}

/// Why a label was asked for: what weighed most.
enum RelabelReason: UInt8 {
  case uniform, uncertain, alert

  /// The reason as a request has it.
  var word: String {
    switch self {
    case .uniform: "uniform"
    case .uncertain: "uncertain"
    case .alert: "alert"
    }
  }
}

extension JoinedRow {
  /// Whether a request was answered, or the outcome came by itself.
  var isAnswered: Bool { isLabelled && !isSilent }
}
