public import Events
public import Expressions

/// How outcomes are held against predictions.
///
/// Its 11 properties are the keys of `quality`, as a monitor file has them.
public struct QualitySpecification: Sendable, Equatable {
  /// What is predicted.
  public enum Task: String, Sendable, CaseIterable {
    /// One of two classes.
    case binary
    /// One of several classes.
    case multiclass
    /// A number, which is the score.
    case regression
    /// The order of a group's members, by their scores.
    case ranking
  }

  /// What is predicted.
  public var task: Task
  /// The length of a quality window, by the predictions' times; windows follow each other.
  public var window: TimeSpan
  /// How often a window is judged again at most.
  public var slide: TimeSpan
  /// How long a prediction waits for its outcome.
  public var horizon: TimeSpan
  /// Whether a prediction without an outcome is negative once the horizon has passed.
  public var silenceIsNegative: Bool
  /// The share of a window's predictions whose outcome must be known before rules look at it.
  public var maturity: Double
  /// The class that is positive; `nil`: 1 and true are positive, 0 and false negative.
  public var positive: String?
  /// From which score on a decision is positive, where events have none.
  public var threshold: Double?
  /// Of how many predictions with the greatest scores metric records tell; of rankings how many
  /// places of each group.
  public var top: [TopPredictions] = []
  /// The classes, where there are several; all others are one.
  public var classes: [String] = []
  /// The features of which it is asked how well each predicts the outcome by itself: numbers.
  public var leakage: [FieldPath] = []

  /// What stands for a specification where there is none.
  package static let unread = QualitySpecification(
    task: .binary,
    window: defaultWindow,
    slide: defaultWindow,
    horizon: defaultHorizon,
    silenceIsNegative: false,
    maturity: defaultMaturity
  )

  /// The length of a quality window unless the file says otherwise.
  public static let defaultWindow = TimeSpan.days(1)
  /// How long a prediction waits unless the file says otherwise.
  public static let defaultHorizon = TimeSpan.days(30)
  /// The maturity that rules ask for unless the file says otherwise.
  public static let defaultMaturity = 0.9
  /// How many places of a group records tell of unless the file says otherwise.
  public static let defaultTop = TopPredictions.count(10)
  /// The most features of which it may be asked how well each predicts the outcome.
  public static let leakageLimit = 32
  /// How many quality windows may lie within a horizon.
  public static let windowsPerHorizon: Int64 = 1_000

  /// How often a window is judged again unless the file says otherwise: a window's 24th part, but no
  /// more often than other windows.
  static func defaultSlide(window: TimeSpan, slide: TimeSpan) -> TimeSpan {
    let part = TimeSpan(nanoseconds: window.nanoseconds / 24)
    return max(part, slide)
  }
}
