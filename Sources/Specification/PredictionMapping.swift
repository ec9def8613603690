public import Events
public import Expressions

/// Where a prediction's parts stand in an event.
///
/// Its 18 properties are the keys of `events.prediction`, with the form of its times.
public struct PredictionMapping: Sendable, Equatable {
  /// Which events are predictions; all of them without a condition.
  public var when: EventPredicate?
  /// The prediction's id.
  public var id: FieldPath?
  /// The event time.
  public var time: FieldPath
  /// How its times are written.
  public var timeForm: TimeForm
  /// The model's version; where it is put together, what stands for that.
  public var version: FieldPath?
  /// What the version is put together of; `nil` where it is a field.
  public var versionText: VersionText?
  /// The score, which is the signal `score`: a probability, or a regression's value.
  public var score: FieldPath?
  /// The decision, which is the signal `prediction`.
  public var decision: FieldPath?
  /// How likely the model calls each of several classes.
  public var scores: [ClassScore] = []
  /// What the predictions of one ranking have in common, such as a query's id.
  public var group: FieldPath?
  /// How long the prediction took, with its unit: the signal `latency`, in seconds.
  public var latency: EventRoles.Latency?
  /// Whether the prediction failed, as a number per event (1 or 0): the signal `failure`.
  public var failure: EventNumber?
  /// The features: paths or wildcards.
  public var features: [FeatureSelector]
  /// The fields whose values split the traffic.
  public var segments: [FieldPath]
  /// How events that come twice are found; `nil` where nobody asks.
  public var duplicates: DuplicateSpecification?
  /// The features' own times: the signals `lookahead` and `feature_age`.
  public var featureTimes: [FeatureTime] = []
  /// What a prediction costs, as a KPI.
  public var price: KPISpecification?
  /// The fields whose texts are read as numbers.
  public var textNumbers = TextNumbers()

  /// The fields that the version is read from.
  public var versionFields: [FieldPath] {
    versionText?.fields ?? version.map { [$0] } ?? []
  }

  /// The names that stand for mapped fields in `failure`, KPIs and error budgets.
  public var roles: EventRoles {
    EventRoles(score: score, decision: decision, version: version, latency: latency)
  }
}

/// The fields whose texts are read as numbers, each with its decimal mark.
public struct TextNumbers: Sendable, Equatable {
  /// The fields and wildcards, in the file's order.
  public private(set) var fields: [Field] = []

  /// A field, or all members of an object.
  public struct Field: Sendable, Equatable {
    /// The field, or a wildcard.
    public var path: FieldPath
    /// What stands before the fraction.
    public var mark: DecimalMark
  }

  /// No field.
  public init() {}

  /// Takes in a field.
  mutating func add(_ path: FieldPath, _ mark: DecimalMark) {
    fields.append(Field(path: path, mark: mark))
  }

  /// The decimal mark of a field; `nil` where its texts are texts.
  ///
  /// A field that is listed by itself goes before a wildcard.
  public func mark(of path: FieldPath) -> DecimalMark? {
    (fields.first { $0.path == path } ?? fields.first { $0.path.contains(path) })?.mark
  }
}

/// Where the score of one of several classes stands.
public struct ClassScore: Hashable, Sendable {
  /// The class, as outcomes write it.
  public var name: String
  /// The field of its score, a probability.
  public var path: FieldPath
}

/// One feature, or all members of an object as features.
public struct FeatureSelector: Hashable, Sendable {
  /// The field, or a wildcard such as `features.*`.
  public var path: FieldPath
  /// The type that the file declares; `nil` leaves it to the profile.
  public var type: FeatureType? = nil
}

/// How a feature's values are counted.
public enum FeatureType: String, Sendable, CaseIterable {
  /// On a grid of intervals.
  case number
  /// As two values.
  case boolean
  /// As a set of values.
  case category
}
