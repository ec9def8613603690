public import Events
public import Expressions

/// What goes to those who label and train.
public struct FeedbackSpecification: Sendable, Equatable {
  /// The fields that may leave; nothing else of an event does.
  public var features: [FieldPath] = []
  /// Whether the person agrees, as a number per event: 1 yes; anything else, and no value, is no.
  public var consent: EventNumber?
  /// How labels are asked for; `nil` where none are.
  public var relabel: Relabel?
  /// Whether labelled predictions go out as rows to train on.
  public var hasRows = false
  /// Whether they go out before their outcome is final, too.
  public var isEarly = false
  /// How long after its prediction a row may leave.
  public var retention: TimeSpan?

  /// Nothing goes out.
  package init() {}

  /// Whether anything goes out.
  package var isEmpty: Bool { relabel == nil && !hasRows }

  /// How labels are asked for.
  public struct Relabel: Sendable, Equatable {
    /// How many requests there may be, each in a stretch of time.
    public var budgets: [Budget]
    /// The part of the weight that all predictions have alike, in (0, 1].
    public var uniform = Relabel.defaultUniform
    /// How long after its request an answer is of use.
    public var deadline: TimeSpan?
    /// The name of the policy, which is a part of the requests' ids.
    public var policy = Relabel.defaultPolicy
    /// Whether a request says what the model answered.
    public var tellsAnswer = false

    /// The uniform part unless the file says otherwise.
    public static let defaultUniform = 0.5
    /// The policy's name unless the file says otherwise.
    public static let defaultPolicy = "default-1"

    /// Asks within budgets.
    package init(budgets: [Budget]) { self.budgets = budgets }
  }

  /// How many requests there may be in each stretch of time.
  public struct Budget: Sendable, Equatable {
    /// The most requests.
    public var count: Int
    /// The stretch: an hour or a day of UTC.
    public var length: TimeSpan
  }
}
