internal import Events
public import Expressions

/// A stream of made-up events, described so exactly that it has the same bytes everywhere.
///
/// Made by `load(bytes:file:environment:)`, which checks it.
public struct StreamSpecification: Sendable, Equatable {
  /// What all random numbers depend on.
  public var seed: UInt64
  /// When the stream begins, in nanoseconds since 1970.
  public var start: Int64
  /// How long it lasts.
  public var duration: TimeSpan
  var rate: ArrivalRate
  var fields: [FieldSpecification]
  var changes: [StreamChange]
  /// What comes of events, and when; `nil`: nothing does.
  var outcomes: OutcomeDescription?
  /// What strings and other fixed values stand for.
  var literals: LiteralTable

  /// The names of the changes, in the file's order.
  public var changeNames: [String] { changes.map(\.name) }
  /// The changes of the rate, with how many times it they make.
  var rateChanges: [(change: StreamChange, factor: Double)] {
    changes.flatMap { change in
      change.effects.compactMap { effect in
        guard effect.field == nil, case .multiply(let factor) = effect.action else { return nil }
        return (change, factor)
      }
    }
  }

  /// No rate is greater, in events a second.
  var greatestRate: Double {
    rateChanges.reduce(rate.perSecond * rate.season.greatest) { $0 * max(1, $1.factor) }
  }

  /// When it ends, in nanoseconds since 1970; no event has this time.
  public var end: Int64 { start + duration.nanoseconds }
}

/// How often events come.
struct ArrivalRate: Sendable, Equatable {
  /// Events a second on average, before seasons.
  var perSecond: Double
  var season = Season()
  /// Whether the gaps are as even as the rate allows, instead of a Poisson process's.
  var isEven = false
}

/// One field of every event.
///
/// Its 10 properties are the keys of a field in a stream's file, and the place of the field that
/// its cases look at.
struct FieldSpecification: Sendable, Equatable {
  var path: FieldPath
  var distribution: Distribution
  /// Distributions that stand in by the value of an earlier field.
  var cases: [DistributionCase] = []
  /// The earlier field that `cases` look at, by its index.
  var caseField: Int?
  var season: Season?
  /// Decimals that a number is rounded to.
  var decimals: Int
  var least: Double?
  var greatest: Double?
  /// The probability that the field is left out.
  var missing = 0.0
  /// Whether other fields see it and the stream does not.
  var isHidden = false

  /// The decimals of a field that names none.
  static let defaultDecimals = 6
}

/// A distribution for one value of another field.
struct DistributionCase: Sendable, Equatable {
  /// The other field's value, by its place among the literals.
  var literal: Int
  var distribution: Distribution
}

/// How a field's value comes about.
enum Distribution: Sendable, Equatable {
  case constant(Int)
  case normal(mean: Double, std: Double)
  case lognormal(median: Double, sigma: Double)
  case exponential(mean: Double)
  case uniform(from: Double, to: Double)
  case integer(from: Int, to: Int)
  /// Values by their places among the literals; weights that add up to more than 0.
  case category([WeightedLiteral])
  case boolean(Double)
  /// True with the probability that a number above is, as far as it is within 0 and 1.
  case chance(field: Int)
  case sequence(prefix: String, digits: Int)
  case time(TimeFormat)
  case linear(Combination)
  case logistic(Combination)
  case threshold(field: Int, at: Double, above: Int, below: Int)
}

/// A value and how often it comes.
struct WeightedLiteral: Sendable, Equatable {
  var literal: Int
  var weight: Double
}

/// How a time is written.
enum TimeFormat: String, Sendable, CaseIterable {
  case rfc3339, seconds, milliseconds, microseconds, nanoseconds
}

/// A sum over other fields, with noise.
struct Combination: Sendable, Equatable {
  var bias = 0.0
  var terms: [Term] = []
  /// The standard deviation of what is added.
  var noise = 0.0

  /// One field's part in a sum.
  struct Term: Sendable, Equatable {
    var field: Int
    /// What the number is multiplied by; a true boolean is 1.
    var slope = 0.0
    /// What the number's natural logarithm is multiplied by.
    var logSlope = 0.0
    /// What a missing value adds.
    var missing = 0.0
    /// What each value adds, by its place among the literals.
    var values: [Int: Double] = [:]
  }
}

/// Something that happens to a stream at a time.
struct StreamChange: Sendable, Equatable {
  var name: String
  /// In nanoseconds since 1970; the end is exclusive.
  var times: Range<Int64>
  /// How long it takes to come to full strength, in nanoseconds.
  var ramp: Int64 = 0
  var effects: [ChangeEffect]

  /// How much of it has happened at a time: 0 to 1.
  func strength(at time: Int64) -> Double {
    guard times.contains(time) else { return 0 }
    guard ramp > 0 else { return 1 }
    return min(1, Double(time - times.lowerBound) / Double(ramp))
  }
}

/// What a change does.
struct ChangeEffect: Sendable, Equatable {
  /// The field; `nil` for the rate.
  var field: Int?
  /// Only events whose fields have these values, each one of a list.
  var conditions: [Condition] = []
  var action: Action

  struct Condition: Sendable, Equatable {
    var field: Int
    var literals: [Int]
  }

  enum Action: Sendable, Equatable {
    case multiply(Double)
    case add(Double)
    case missing(Double)
    /// So large a share of the events has these values instead.
    case shares([WeightedLiteral])
    /// The field has other distributions: its own and those of its cases.
    case replace(Distribution, [DistributionCase])
    /// A number or boolean becomes a string.
    case string
  }
}

/// Fixed values: strings, numbers, truth values, null; each once.
struct LiteralTable: Sendable, Equatable {
  /// As JSON.
  private(set) var json: [[UInt8]] = []
  /// As numbers, where they are some.
  private(set) var numbers: [Double?] = []
  private var places: [[UInt8]: Int] = [:]

  /// The place of a value's JSON text, new or known.
  mutating func place(of text: [UInt8]) -> Int {
    if let place = places[text] { return place }
    json.append(text)
    numbers.append(Double(String(decoding: text, as: UTF8.self)))
    places[text] = json.count - 1
    return json.count - 1
  }

  /// The places of true and false: booleans are literals like others.
  static let truePlace = 0
  static let falsePlace = 1

  init() {
    _ = place(of: Array("true".utf8))
    _ = place(of: Array("false".utf8))
  }
}
