internal import Events
internal import Expressions
internal import Specification

/// Where the parts of predictions and outcomes stand in a batch, and how classes are read.
///
/// Its 14 properties are the columns of the parts that a join reads.
///
/// A class, because every outcome asks it and nothing of it changes.
final class OutcomePlan: Sendable {
  let quality: QualitySpecification
  /// The columns of what a prediction says.
  let score: Int?
  let decision: Int?
  /// The columns of an outcome.
  let outcomeID: Int
  let outcomeVersion: Int?
  let label: Int
  /// Where it stands who says an outcome; `nil` where it does not matter.
  let votes: VotePlan?
  let classes: ClassReader
  /// How several classes are read; `nil` where there are not several.
  let kinds: KindReader?
  /// The column of what a prediction is ranked in; `nil` where nothing is ranked.
  let group: Int?
  /// Where what may leave stands; `nil` where nothing does.
  let payload: PayloadPlan?
  /// The columns of the features that are held against the outcome by themselves.
  let leakage: [Int]
  /// The derived numbers of what baselines decide.
  let baselines: [Int]
  /// Of how many panes a slide of quality windows is.
  let slidePanes: Int

  /// `nil` where the monitor reads no outcomes.
  init?(_ monitor: Monitor, _ builder: inout SchemaBuilder, _ derived: inout DerivedColumns) {
    guard let outcome = monitor.outcome, let quality = monitor.quality,
      monitor.prediction.id != nil, case .time(let width) = PaneScheme(monitor)
    else { return nil }
    let mapping = monitor.prediction
    self.quality = quality
    score = mapping.score.map { builder.slot($0, .value) }
    decision = mapping.decision.map { builder.slot($0, .value) }
    outcomeID = builder.shown(outcome.id, .token)
    outcomeVersion = outcome.version.map { builder.shown($0, .token) }
    label = builder.slot(outcome.label, .value)
    votes = outcome.votes.map { VotePlan($0, &builder) }
    classes = ClassReader(positive: quality.positive)
    group =
      quality.task == .ranking ? mapping.group.map { builder.shown($0, .token) } : nil
    kinds = quality.task == .multiclass ? KindReader(quality, mapping, &builder) : nil
    var places: [Int] = []
    for baseline in monitor.baselines {
      places.append(derived.index(of: baseline.decision, &builder))
    }
    baselines = places
    var traits: [Int] = []
    for path in quality.leakage { traits.append(builder.slot(path, .value)) }
    leakage = traits
    payload = PayloadPlan(monitor, &builder, &derived)
    slidePanes = Int(max(1, (quality.slide.nanoseconds + width - 1) / width))
  }

  /// The outcome of a row, or why it cannot be joined.
  func read(
    at row: Int,
    _ time: Int64,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> ReadOutcome {
    guard let id = unsafe EventID(columns.cell(slot: outcomeID, row: row), in: chunk) else {
      return .refused(.outcomeIDMissing)
    }
    var voice = Voice.none
    if let votes {
      guard let own = unsafe votes.voice(at: row, columns, chunk) else {
        return .refused(.sourceInvalid)
      }
      voice = own
    }
    let answer = voice.isSkipped ? 0 : unsafe label(at: row, columns, chunk)
    guard let label = answer else { return .refused(.labelInvalid) }
    return .joinable(
      OutcomeRow(
        id: id,
        version: unsafe EventID.versionHash(outcomeVersion, row, columns, chunk),
        time: time,
        label: label,
        voice: voice
      )
    )
  }

  /// Adds to a row's prediction what it says.
  func complete(
    _ prediction: inout PredictionRow,
    at row: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) {
    let cell = score.map { columns.cell(slot: $0, row: row) }
    let number = cell.flatMap { $0.isNumber ? $0.number : nil }
    prediction.score = number ?? .nan
    prediction.decision = unsafe decision(at: row, score: number, columns, chunk)
  }

  private func decision(
    at row: Int,
    score: Double?,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> Double {
    if let group {
      return unsafe EventID(columns.cell(slot: group, row: row), in: chunk)?.groupCode ?? .nan
    }
    let cell = decision.map { columns.cell(slot: $0, row: row) }
    if let kinds { return unsafe kinds.decision(cell, at: row, columns, chunk) ?? .nan }
    guard quality.task == .binary else { return .nan }
    if let cell { return unsafe classes.read(cell, in: chunk) ?? .nan }
    guard let threshold = quality.threshold, let score else { return .nan }
    return score >= threshold ? 1 : 0
  }

  /// What an outcome's label says; `nil` where it says nothing that the monitor knows.
  private func label(
    at row: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> Double? {
    let cell = columns.cell(slot: label, row: row)
    return switch quality.task {
    case .regression: cell.isNumber ? cell.number : nil
    case .binary: unsafe classes.read(cell, in: chunk)
    case .multiclass: unsafe kinds?.codes.read(cell, in: chunk)
    case .ranking: cell.isNumber && cell.number >= 0 ? cell.number : nil
    }
  }
}

/// What an outcome's row holds.
enum ReadOutcome {
  /// An outcome that can be joined.
  case joinable(OutcomeRow)
  /// One that cannot, and why.
  case refused(Refusal)
}

/// Reads which of several classes was decided.
struct KindReader: Sendable {
  let codes: ClassCodes
  /// Where the classes' scores stand; `nil` where there are none.
  let scores: ClassScores?

  init(
    _ quality: QualitySpecification,
    _ mapping: PredictionMapping,
    _ builder: inout SchemaBuilder
  ) {
    codes = ClassCodes(quality.classes)
    var slots: [Int] = []
    for score in mapping.scores { slots.append(builder.slot(score.path, .value)) }
    scores = slots.isEmpty ? nil : ClassScores(slots: slots, codes)
  }

  /// The code of the class that a cell holds, or without one that of the greatest score.
  fileprivate func decision(
    _ cell: Cell?,
    at row: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> Double? {
    if let cell { return unsafe codes.read(cell, in: chunk) }
    return scores?.greatest(at: row, columns).map { codes.code(at: $0) }
  }
}

/// Reads one of two classes: 1 where it is the positive one, 0 where it is the other.
struct ClassReader: Sendable {
  private let positive: [UInt8]?
  private let number: Double?

  /// - Parameter positive: How the positive class is written, and all else is negative; `nil`: 1 and
  ///   true are positive, 0 and false negative, and all else is no class.
  init(positive: String?) {
    self.positive = positive.map { Array($0.utf8) }
    number = positive.flatMap { Double($0) }
  }

  /// The class that a cell of values holds; `nil` where it holds none.
  func read(_ cell: Cell, in chunk: UnsafeRawBufferPointer) -> Double? {
    if cell.isNumber {
      if positive != nil { return cell.number == number ? 1 : 0 }
      return cell.number == 1 || cell.number == 0 ? cell.number : nil
    }
    guard positive != nil || cell.reference != nil else {
      return cell == .true ? 1 : cell == .false ? 0 : nil
    }
    guard let bytes = unsafe canonicalBytes(of: cell, in: chunk) else { return nil }
    if let positive { return bytes == positive ? 1 : 0 }
    return switch bytes {
    case Self.one, Self.yes: 1
    case Self.zero, Self.no: 0
    default: nil
    }
  }

  private static let one = Array("1".utf8)
  private static let yes = Array("true".utf8)
  private static let zero = Array("0".utf8)
  private static let no = Array("false".utf8)
}
