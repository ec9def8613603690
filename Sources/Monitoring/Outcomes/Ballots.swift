internal import Sketches
internal import Specification

/// Who says an outcome, and whether it says anything.
///
/// The lowest two bits are the source, the third whether the answer was skipped; the others are a
/// hash of who voted, of which the system has none.
struct Voice: Hashable, Sendable {
  let bits: UInt64

  /// That of outcomes where it does not matter who says them.
  static let none = Voice(bits: 0)

  init(bits: UInt64) { self.bits = bits }

  /// - Parameters:
  ///   - source: Who says it.
  ///   - annotator: Who of them; all that are not named are one.
  ///   - isSkipped: Whether there is no answer.
  init(_ source: OutcomeSource, _ annotator: EventID?, isSkipped: Bool) {
    let who = source == .system ? 0 : (annotator?.high ?? 0) & ~7
    let place: UInt64 =
      switch source {
      case .system: 1
      case .human: 2
      case .judge: 3
      }
    bits = who | place | (isSkipped ? Self.skippedBit : 0)
  }

  private static let skippedBit: UInt64 = 4

  var isSkipped: Bool { bits & Self.skippedBit != 0 }
  var isSystem: Bool { bits & 3 == 1 }
  var isHuman: Bool { bits & 3 == 2 }
  var isJudge: Bool { bits & 3 == 3 }
  /// Who votes, whatever they say.
  var voter: UInt64 { bits & ~Self.skippedBit }
}

/// What is known of a prediction beside its outcome, where it matters who says it.
struct Reactions: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  /// A person or the system has said something, if only that there is no answer.
  static let reacted = Reactions(rawValue: 1)
  /// All who were asked gave no answer.
  static let skipped = Reactions(rawValue: 2)
  /// Judges say that the outcome is positive.
  static let judgedPositive = Reactions(rawValue: 4)
  /// Judges say that it is negative.
  static let judgedNegative = Reactions(rawValue: 8)
}

/// What was said of one prediction: the latest of each who said something.
struct Ballots: Sendable, Equatable {
  /// What one says.
  struct Ballot: Sendable, Equatable {
    var voice: Voice
    var time: Int64
    var label: Double
    var isShared: Bool

    /// Whether this stands, and not the other one of the same voter.
    ///
    /// Of one time an answer stands before none, and the greater label before the smaller.
    func isNewer(than other: Ballot) -> Bool {
      if time != other.time { return time > other.time }
      if voice.isSkipped != other.voice.isSkipped { return other.voice.isSkipped }
      return label > other.label
    }
  }

  /// What became of a ballot.
  enum Reception { case taken, outdated, refused }

  /// In the order of the voters.
  private(set) var all: [Ballot] = []

  /// How many may vote on one prediction; what further ones say is not heard.
  static let voterLimit = 64

  /// Takes a ballot in, where it is its voter's latest.
  mutating func insert(_ ballot: Ballot) -> Reception {
    let place = all.firstIndex { $0.voice.voter >= ballot.voice.voter } ?? all.count
    if place < all.count, all[place].voice.voter == ballot.voice.voter {
      guard ballot.isNewer(than: all[place]) else { return .outdated }
      all[place] = ballot
      return .taken
    }
    guard all.count < Self.voterLimit else { return .refused }
    all.insert(ballot, at: place)
    return .taken
  }

  /// What people say, those who gave an answer.
  var votes: [Double] { all.filter { $0.voice.isHuman && !$0.voice.isSkipped }.map(\.label) }

  /// What all of it says turned out, and when that was known: what the system says, else most people.
  ///
  /// - Parameter task: Of classes the one that most say decides, of numbers the median.
  /// - Returns: `nil` where nobody says anything, or as many say one class as the other.
  func decision(_ task: QualitySpecification.Task) -> (label: Double, time: Int64)? {
    let heard = all.filter { !$0.voice.isJudge && !$0.voice.isSkipped }
    if let system = heard.first(where: \.voice.isSystem) { return (system.label, system.time) }
    guard let time = heard.map(\.time).max(),
      let label = Self.middle(heard.map(\.label), task)
    else { return nil }
    return (label, time)
  }

  private static func middle(
    _ labels: [Double],
    _ task: QualitySpecification.Task
  ) -> Double? {
    guard !labels.isEmpty else { return nil }
    let sorted = labels.sorted()
    if task == .multiclass { return mostFrequent(sorted) }
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    guard low != high else { return low }
    return task == .binary ? nil : low / 2 + high / 2
  }

  /// The number that stands most often among sorted ones; `nil` where two do.
  private static func mostFrequent(_ sorted: [Double]) -> Double? {
    var counts: [(label: Double, count: Int)] = []
    for label in sorted {
      if counts.last?.label != label { counts.append((label, 0)) }
      counts[counts.count - 1].count += 1
    }
    let most = counts.map(\.count).max() ?? 0
    let first = counts.filter { $0.count == most }
    return first.count == 1 ? first[0].label : nil
  }

  /// What is known beside the outcome.
  ///
  /// A judge's verdict that came after an answer does not count: it may have seen it.
  var reactions: Reactions {
    var reactions: Reactions = []
    let answers = all.filter { !$0.voice.isJudge }
    if !answers.isEmpty { reactions.insert(.reacted) }
    if !answers.isEmpty, answers.allSatisfy(\.voice.isSkipped) { reactions.insert(.skipped) }
    let first = answers.map(\.time).min() ?? .max
    let verdicts = all.filter { $0.voice.isJudge && !$0.voice.isSkipped && $0.time < first }
    switch Self.middle(verdicts.map(\.label), .binary) {
    case 1: reactions.insert(.judgedPositive)
    case 0: reactions.insert(.judgedNegative)
    default: break
    }
    return reactions
  }
}

extension Ballots.Ballot {
  init(_ outcome: OutcomeRow) {
    self.init(
      voice: outcome.voice,
      time: outcome.time,
      label: outcome.label,
      isShared: outcome.version == 0
    )
  }
}

extension Ballots: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(all.count))
    for ballot in all {
      writer.write(ballot.voice.bits)
      writer.write(ballot.time)
      writer.write(ballot.label)
      writer.write(ballot.isShared)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    for _ in 0..<(try reader.readCount(limit: Self.voterLimit)) {
      all.append(
        Ballot(
          voice: Voice(bits: try reader.read()),
          time: try reader.read(),
          label: try reader.read(),
          isShared: try reader.read()
        )
      )
    }
    guard zip(all, all.dropFirst()).allSatisfy({ $0.voice.voter < $1.voice.voter }) else {
      throw .invalid(offset: start)
    }
  }
}
