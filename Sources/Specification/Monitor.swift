public import Events
public import Expressions

/// A monitor file as types: which events, which windows, which rules.
///
/// Made by `load(bytes:file:environment:)`, which checks it; the defaults are those of the file.
///
/// Its 29 properties are the keys of a monitor file, the rules by their kinds.
public struct Monitor: Sendable, Equatable {
  /// The model's name.
  public var model: String
  /// How events stand in the lines of a log.
  public var shape = EventShape()
  /// Where a prediction's parts stand in an event.
  public var prediction: PredictionMapping
  /// Where an outcome's parts stand; `nil` where none are read.
  public var outcome: OutcomeMapping?
  /// How outcomes are held against predictions; set where they are read.
  public var quality: QualitySpecification?
  /// What the model is for.
  public var framing = FramingSpecification()
  /// Rules that decide on the same events.
  public var baselines: [BaselineSpecification] = []
  /// A new version that is held against the one in use.
  public var canary: CanarySpecification?
  /// What goes to those who label and train.
  public var feedback = FeedbackSpecification()
  /// The reference profile's path, relative to the monitor file, when it names one.
  public var profile: String?
  /// With whose counts windows are compared, and within which strata.
  public var reference = ReferenceSpecification()
  /// The zone of days, of hours of the week, and of times without one; UTC where there is none.
  public var zone: CivilZone?
  /// The business numbers, in the file's order.
  public var kpis: [KPISpecification]
  /// The windows, in the file's order; at least one, all by time or all by events.
  public var windows: [WindowSpecification]
  /// The length of a pane: how often windows move and rules are judged.
  public var slide: TimeSpan
  /// How long a window stays open for events that arrive late.
  public var lateness: TimeSpan
  /// How far ahead of the clock an event's time may be before it is refused.
  public var future: TimeSpan
  /// How long a silent source holds the clock.
  public var idle: TimeSpan
  /// The service level objectives, in the file's order.
  public var slos: [SLOSpecification] = []
  /// The rules with a condition, in the file's order; names are unique over all kinds of rules.
  public var rules: [RuleSpecification]
  /// The rules about error budgets, in the file's order.
  public var burnRules: [BurnRule] = []
  /// The rules about silence, in the file's order.
  public var silenceRules: [SilenceRule]
  /// When alerts are one incident, and when an alert flaps.
  public var incidents: IncidentOptions
  /// What the agent may hold at most.
  public var limits: MonitorLimits
  /// Whether a line with a value that JSON does not have is refused, and not that value alone.
  public var isStrict = false
  /// What is written of events that cannot be used.
  public var deadLetters: DeadLetterOptions
  /// Which fields hold people's data; `nil` where none is listed.
  public var pii: PersonalData?
  /// Fields whose values are named however few events have them.
  public var publicFields: [FieldPath] = []
  /// Labels that every alert carries.
  public var labels: [String: String]

  /// How long a window waits for late events unless the file says otherwise.
  public static let defaultLateness = TimeSpan.seconds(30)
  /// How far ahead an event may be unless the file says otherwise.
  public static let defaultFuture = TimeSpan.days(1)
  /// How long a silent source holds the clock unless the file says otherwise.
  public static let defaultIdle = TimeSpan.minutes(1)

  /// Whether the windows count events instead of time.
  public var countsEvents: Bool {
    windows.contains(where: \.countsEvents)
  }

  /// Whether a value at a path is named however few events have it.
  package func isPublic(_ path: FieldPath) -> Bool {
    publicFields.contains { $0 == path || $0.contains(path) }
  }

  /// The window that is called `name`.
  public func window(named name: String) -> WindowSpecification? {
    windows.first { $0.name == name }
  }

  /// The names of what outcomes tell of; nothing where none are read.
  package var qualities: [String] {
    Self.qualities(of: quality, framing, baselines, canary)
  }

  /// The names of what outcomes tell of.
  static func qualities(
    of quality: QualitySpecification?,
    _ framing: FramingSpecification,
    _ baselines: [BaselineSpecification],
    _ canary: CanarySpecification?
  ) -> [String] {
    guard let quality else { return [] }
    let verdicts =
      (framing.claim == nil ? [] : [claimName]) + (canary == nil ? [] : [canaryName])
    if quality.task == .multiclass {
      return [qualityName, labelsName]
        + (quality.classes + [otherClassName]).map { classSignal($0) } + verdicts
    }
    guard quality.task == .binary else { return [qualityName, labelsName] + verdicts }
    let names = baselines.map(\.name) + constantBaselines
    let arrivals =
      quality.silenceIsNegative ? arrivalSignals + [burstName] : [labelsName, completeName]
    return qualitySignals + arrivals + quality.leakage.map { leakageSignal($0) }
      + names.map { baselinePrefix + $0 }
      + names.map { liftPrefix + $0 }
      + verdicts
  }
}
