/// What a consumer of a group reads.
public struct KafkaSubscription: Sendable, Equatable {
  /// Where a partition begins of which neither we nor the group know a place.
  public enum Start: Sendable, Equatable {
    /// With the first record that is there.
    case earliest
    /// With the records that come from now on.
    case latest
    /// With the first record whose time in the topic is not before this one, in milliseconds since
    /// 1970; where there is none, with those that come.
    case time(Int64)
  }

  /// What follows where a log ends before our place in it.
  public enum Regression: String, Sendable, CaseIterable {
    /// What is there is read from its beginning.
    case earliest
    /// What comes from now on is read.
    case latest
    /// The agent ends.
    case stop
  }

  /// How the cluster is reached, with the group and its times among the properties.
  public var settings: KafkaSettings
  /// The topics, each once, in order; one that begins with `^` is a pattern of names, a POSIX extended
  /// regular expression.
  public var topics: [String]
  /// Where an unknown partition begins.
  public var start: Start
  /// What follows an offset regression.
  public var onRegression: Regression

  /// What a record's object is given of what stands beside its value.
  public var members: RecordMembers

  /// What is to be read.
  public init(
    settings: KafkaSettings,
    topics: [String],
    start: Start = .latest,
    onRegression: Regression = .earliest,
    members: RecordMembers = RecordMembers()
  ) {
    self.settings = settings
    self.topics = topics
    self.start = start
    self.onRegression = onRegression
    self.members = members
  }

  /// Whether the member is static: it has a name of its own in the group.
  var isStatic: Bool { settings.properties["group.instance.id"] != nil }

  /// Whether there is a pattern, and no topic of the cluster's own is named: those hold no events, and
  /// a pattern is not to take them.
  var takesNoInternalTopic: Bool {
    topics.contains(where: TopicPattern.isOne) && !topics.contains { $0.hasPrefix("__") }
  }
}
