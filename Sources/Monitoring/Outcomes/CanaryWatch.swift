internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

/// Watches whether a new version is worse than the one in use.
///
/// It hears of mature predictions in the order of their times. With split traffic each of the new
/// version's is paired with the next of the one in use, which is then used up; with shadows both are
/// of one event.
struct CanaryWatch: Sendable {
  let specification: CanarySpecification
  private let task: QualitySpecification.Task
  private let versions: (stable: UInt64, canary: UInt64)
  private(set) var test: CanaryTest
  private var differences = 0.0
  /// The losses of the new version's predictions that wait for one of the other's.
  private var waiting: [Double] = []
  /// Of shadows the losses that wait for the other version's, by id: which version it is of, and it.
  private var shadows: [EventID: (isCanary: Bool, loss: Double)] = [:]
  /// Whether the verdict was told.
  private var isTold = false

  /// How many losses wait to be paired; of more the oldest are left out.
  static let waitingLimit = 4_096

  init(_ specification: CanarySpecification, _ task: QualitySpecification.Task) {
    self.specification = specification
    self.task = task
    versions = (
      EventID.versionHash(of: specification.stable), EventID.versionHash(of: specification.canary)
    )
    test = CanaryTest(margin: specification.margin, risk: specification.risk)
  }

  /// Takes in a mature prediction.
  mutating func insert(_ row: JoinedRow) {
    let version = row.prediction.version
    guard version == versions.stable || version == versions.canary, let loss = loss(of: row) else {
      return
    }
    let isCanary = version == versions.canary
    switch specification.pairs {
    case .shadow: pairShadow(row.prediction.id, loss, isCanary: isCanary)
    case .split: pairNext(loss, isCanary: isCanary)
    }
  }

  private func loss(of row: JoinedRow) -> Double? {
    switch task {
    case .binary, .multiclass:
      guard !row.prediction.decision.isNaN else { return nil }
      return row.prediction.decision == row.label ? 0 : 1
    case .ranking: return nil
    case .regression:
      guard row.prediction.score.isFinite else { return nil }
      return min(1, abs(row.prediction.score - row.label) / specification.bound)
    }
  }

  private mutating func pairNext(_ loss: Double, isCanary: Bool) {
    if isCanary {
      waiting.append(loss)
      if waiting.count > Self.waitingLimit { waiting.removeFirst() }
    } else if !waiting.isEmpty {
      take(waiting.removeFirst() - loss)
    }
  }

  private mutating func pairShadow(_ id: EventID, _ loss: Double, isCanary: Bool) {
    guard let other = shadows[id], other.isCanary != isCanary else {
      // Both answers to one event expire together, but for those of one version alone.
      if shadows.count >= Self.waitingLimit { shadows = [:] }
      shadows[id] = (isCanary, loss)
      return
    }
    shadows[id] = nil
    take(isCanary ? loss - other.loss : other.loss - loss)
  }

  private mutating func take(_ difference: Double) {
    differences += difference
    test.insert(difference: difference)
  }

  /// The verdict as the place of its word.
  var code: Double {
    Double(VerdictWords.of[canaryName]?.firstIndex(of: test.verdict.rawValue) ?? 0)
  }

  /// Whether a verdict is known that was not told.
  var hasNews: Bool { test.verdict != .continue && !isTold }

  /// The record of a rollback, once.
  mutating func news(at time: Int64, model: String) -> RollbackRecord? {
    guard hasNews else { return nil }
    isTold = true
    guard test.verdict == .rollback else { return nil }
    return evidence(at: time, model: model)
  }

  /// The numbers behind the verdict, whichever it is.
  func evidence(at time: Int64, model: String) -> RollbackRecord {
    let interval = test.interval()
    return RollbackRecord(
      time: time,
      model: model,
      canary: specification.canary,
      stable: specification.stable,
      difference: differences / Double(max(test.count, 1)),
      low: interval.lowerBound,
      high: interval.upperBound,
      pairs: test.count,
      margin: specification.margin,
      risk: specification.risk
    )
  }
}

extension CanaryWatch {
  private var definition: String {
    "\(specification.stable) \(specification.canary) \(specification.margin) "
      + "\(specification.bound) \(specification.risk) \(specification.pairs)"
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(definition)
    writer.write(test.stored)
    writer.write(differences)
    writer.write(waiting)
    let kept = shadows.sorted { $0.key < $1.key }
    writer.write(varint: UInt64(kept.count))
    for (id, shadow) in kept {
      writer.write(id)
      writer.write(shadow.isCanary)
      writer.write(shadow.loss)
    }
    writer.write(isTold)
  }

  /// Takes over what was written, where the same is asked.
  ///
  /// - Parameter reader: Where it stands.
  /// - Returns: Whether it was the same.
  /// - Throws: `CodingError` where the bytes are none.
  mutating func restore(from reader: inout ByteReader) throws(CodingError) -> Bool {
    let kept: String = try reader.read()
    let numbers: [Double] = try reader.read()
    let sum: Double = try reader.read()
    let losses: [Double] = try reader.read()
    var pairs: [EventID: (isCanary: Bool, loss: Double)] = [:]
    for _ in 0..<(try reader.readCount(limit: Self.waitingLimit)) {
      let id: EventID = try reader.read()
      pairs[id] = (try reader.read(), try reader.read())
    }
    let wasTold: Bool = try reader.read()
    guard kept == definition, let test = test.restored(from: numbers) else { return false }
    self.test = test
    (differences, waiting, shadows, isTold) = (sum, losses, pairs, wasTold)
    return true
  }
}
