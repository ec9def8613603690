internal import Events
internal import Expressions
internal import Statistics

/// The decisions among several classes of a window whose outcomes are known.
struct ClassedRows {
  private let codes: ClassCodes
  private var confusion: ClassConfusion
  /// Of each prediction with scores whose outcome is a listed class, the score of that class.
  private var scores: [Double] = []

  /// Holds the rows of a window against their outcomes.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - codes: The classes.
  ///   - isIn: Whether rows of a key are of the part.
  init(_ window: QualityWindow, _ codes: ClassCodes, isIn: (Int32) -> Bool) {
    self.codes = codes
    confusion = ClassConfusion(classCount: max(codes.names.count, 2))
    let other = codes.names.count - 1
    for row in window.rows where row.isLabelled && isIn(row.prediction.key) {
      let outcome = codes.place(of: row.label)
      if !row.prediction.decision.isNaN {
        confusion.insert(decision: codes.place(of: row.prediction.decision), outcome: outcome)
      }
      guard row.prediction.payload >= 0, outcome < other,
        let kept = ClassScores.values(window.payloads[Int(row.prediction.payload)], codes)
      else { continue }
      scores.append(kept[outcome])
    }
    scores.sort()
  }

  /// What has measures, by the signal's name; of what is not listed only where it occurs.
  var subjects: [String: QualitySubject] {
    var subjects = [qualityName: QualitySubject.kinds(confusion, scores)]
    for (place, signal) in codes.signals.enumerated() {
      let counts = confusion.counts(forClass: place)
      let isListed = place < codes.names.count - 1
      guard isListed || counts.trueNegatives < counts.count else { continue }
      subjects[signal] = .oneOfSeveral(counts)
    }
    return subjects
  }
}

extension ClassCodes {
  /// The classes' signals, in their order.
  var signals: [String] {
    names.count == 1 ? [] : names.map { classSignal($0) }
  }
}
