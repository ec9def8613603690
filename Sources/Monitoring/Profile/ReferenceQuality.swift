public import Sketches
public import Statistics

/// How good the reference's predictions were, and what their scores stand for.
public struct ReferenceQuality: Sendable, Equatable {
  /// The predictions that were held against outcomes; a sample where there were very many.
  public var predictions: Int
  /// Those with an outcome.
  public var labelled: Int
  /// What scores stand for in all of the traffic.
  public var calibration: ScoreCalibration
  /// What they stand for in each value of each segment's field.
  public var segmentCalibrations: [[ScoreCalibration]]
  /// The measures of the reference, by their names, with 95 % intervals.
  public var measures: [Measure]
  /// How long labels took, of predictions older than the horizon; `nil` where none was.
  public var delays: LabelArrival?

  /// One measure of the reference.
  public struct Measure: Sendable, Equatable {
    /// The measure's name.
    public var name: String
    /// Its value.
    public var value: Double
    /// The lower end of its interval, where it has one.
    public var low: Double?
    /// The upper end.
    public var high: Double?
  }
}

/// Which probability a score stands for.
public enum ScoreCalibration: Sendable, Equatable {
  /// Nothing is known: there are too few outcomes, or they do not bear it out.
  case unknown
  /// The score is the probability.
  case score
  /// The probability is read off a non-decreasing line through these points.
  case line(scores: [Double], probabilities: [Double])
  /// That of all of the traffic; only of segments.
  case shared
}

extension ScoreCalibration {
  /// The fewest outcomes, and the fewest of each class, from which anything is learnt.
  static let leastOutcomes = 200
  /// The fewest of each class.
  static let leastOfClass = 10
  /// The probability below which outcomes do not bear a calibration out.
  static let leastProbability = 0.01

  /// Learns what scores stand for from outcomes: isotonic, where cross-validation says that it helps.
  init(_ table: ScoreTable) {
    guard Int(table.count) >= Self.leastOutcomes,
      min(table.positiveCount, table.negativeCount) >= Double(Self.leastOfClass),
      let line = IsotonicRegression(table)
    else {
      self = .unknown
      return
    }
    if let verdict = IsotonicRegression.crossValidate(table), !verdict.helps {
      self = .score
    } else if table.isOfProbabilities || IsotonicRegression.crossValidate(table) != nil {
      self = .line(scores: line.knotPlaces, probabilities: line.knotValues)
    } else {
      self = .unknown
    }
  }

  /// What scores stand for in a segment: what they stand for in all of the traffic, where the
  /// segment's own outcomes bear it out, else what is learnt from these alone.
  ///
  /// - Parameters:
  ///   - table: The segment's outcomes.
  ///   - whole: The calibration of all of the traffic.
  init(segment table: ScoreTable, whole: ScoreCalibration) {
    guard Int(table.count) >= Self.leastOutcomes,
      min(table.positiveCount, table.negativeCount) >= Double(Self.leastOfClass)
    else {
      self = .unknown
      return
    }
    self = whole.isBorneOut(by: table) ? .shared : ScoreCalibration(table)
  }

  /// Whether outcomes are as the calibration lets expect: χ² of ten groups of neighbouring scores.
  ///
  /// - Source: D. W. Hosmer, S. Lemeshow, "Goodness of fit tests for the multiple logistic regression
  ///   model", Communications in Statistics 9 (1980); ten degrees of freedom, as the calibration is of
  ///   other predictions.
  private func isBorneOut(by table: ScoreTable) -> Bool {
    guard let probability = function(whole: nil) else { return false }
    let size = table.count / 10
    var (statistic, groups) = (0.0, 0)
    var (count, positives, expected, variance) = (0.0, 0.0, 0.0, 0.0)
    for index in table.scores.indices {
      let n = table.positives[index] + table.negatives[index]
      let c = probability(table.scores[index])
      count += n
      positives += table.positives[index]
      expected += n * c
      variance += n * c * (1 - c)
      guard count >= size || index == table.scores.count - 1 else { continue }
      guard variance > 0 else { return positives == expected }
      statistic += (positives - expected) * (positives - expected) / variance
      groups += 1
      (count, positives, expected, variance) = (0, 0, 0, 0)
    }
    let chi = ChiSquaredDistribution(degreesOfFreedom: Double(max(groups, 1)))
    return chi.survival(statistic) >= Self.leastProbability
  }

  /// What gives the probability of a score.
  ///
  /// - Parameter whole: The calibration of all of the traffic, which `shared` stands for.
  /// - Returns: `nil` where it is not known.
  func function(whole: ScoreCalibration?) -> ScoreProbability? {
    switch self {
    case .unknown: nil
    case .score: ScoreProbability(line: nil)
    case .line(let scores, let probabilities):
      IsotonicRegression(knotPlaces: scores, values: probabilities).map {
        ScoreProbability(line: $0)
      }
    case .shared: whole?.function(whole: nil)
    }
  }
}

/// The probability that a score stands for.
struct ScoreProbability: Sendable {
  /// `nil` where the score is the probability.
  let line: IsotonicRegression?

  func callAsFunction(_ score: Double) -> Double {
    line.map { $0(score) } ?? min(max(score, 0), 1)
  }

  /// The probabilities of scores that never fall.
  func callAsFunction(increasing scores: [Double]) -> [Double] {
    line.map { $0(increasing: scores) } ?? scores.map { min(max($0, 0), 1) }
  }

  /// The probability that a decision is wrong; `nil` without a decision or a score.
  func wrong(_ prediction: PredictionRow) -> Double? {
    guard prediction.score.isFinite, !prediction.decision.isNaN else { return nil }
    let positive = self(prediction.score)
    return prediction.decision == 1 ? 1 - positive : positive
  }
}

extension ScoreCalibration: ByteCodable {
  /// Layout: 0 to 3, and of a line its points.
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .unknown: writer.write(byte: 0)
    case .score: writer.write(byte: 1)
    case .line(let scores, let probabilities):
      writer.write(byte: 2)
      writer.write(scores)
      writer.write(probabilities)
    case .shared: writer.write(byte: 3)
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    switch try reader.readByte() {
    case 0: self = .unknown
    case 1: self = .score
    case 2:
      let (scores, values): ([Double], [Double]) = (try reader.read(), try reader.read())
      guard IsotonicRegression(knotPlaces: scores, values: values) != nil,
        values.allSatisfy({ (0...1).contains($0) })
      else { throw .invalid(offset: start) }
      self = .line(scores: scores, probabilities: values)
    case 3: self = .shared
    default: throw .invalid(offset: start)
    }
  }
}

extension ReferenceQuality {
  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(predictions))
    writer.write(varint: UInt64(labelled))
    writer.write(calibration)
    for values in segmentCalibrations { for value in values { writer.write(value) } }
    writer.write(varint: UInt64(measures.count))
    for measure in measures {
      writer.write(string: measure.name)
      writer.write(double: measure.value)
      writer.write(measure.low)
      writer.write(measure.high)
    }
    guard let delays else { return }
    writer.write(delays.ages)
    writer.write(delays.positives)
    writer.write(delays.negatives)
    writer.write(delays.silent)
  }

  init(
    from reader: inout ByteReader,
    segments: [Int],
    hasDelays: Bool
  ) throws(CodingError) {
    let start = reader.offset
    predictions = try reader.readCount(limit: .max)
    labelled = try reader.readCount(limit: .max)
    calibration = try reader.read()
    segmentCalibrations = []
    for values in segments {
      var row: [ScoreCalibration] = []
      for _ in 0..<values { row.append(try reader.read()) }
      segmentCalibrations.append(row)
    }
    measures = []
    for _ in 0..<(try reader.readCount(limit: 256)) {
      measures.append(
        Measure(
          name: try reader.readString(),
          value: try reader.readFiniteDouble(),
          low: try reader.read(),
          high: try reader.read()
        )
      )
    }
    guard labelled <= predictions, calibration != .shared else { throw .invalid(offset: start) }
    if hasDelays { delays = try LabelArrival(reading: &reader) }
  }
}

extension LabelArrival {
  /// Reads the ages of the bins and the counts in them.
  fileprivate init(reading reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let ages: [Double] = try reader.read()
    let positives: [Int] = try reader.read()
    let negatives: [Int] = try reader.read()
    let silent: Int = try reader.read()
    guard let first = ages.first, first > 0, ages.allSatisfy(\.isFinite),
      zip(ages, ages.dropFirst()).allSatisfy({ $0 < $1 }),
      let kept = LabelArrival(
        ages: ages,
        positives: positives,
        negatives: negatives,
        silent: silent
      )
    else { throw .invalid(offset: start) }
    self = kept
  }
}
