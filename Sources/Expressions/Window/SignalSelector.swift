public import Events

/// The name of the signal of the predictions' quality, as outcomes tell it.
package let qualityName = "quality"
/// The name of the signal of the predictions' quality as it is to be expected without outcomes.
package let estimateName = "estimate"
/// The name of the signal of the predictions' quality as the sample tells it whose labels were asked
/// for.
package let sampleName = "sample"
/// What the names of baselines' signals begin with.
package let baselinePrefix = "baselines."
/// What the names begin with of how much better the model is than its baselines.
package let liftPrefix = "lift."
/// The name of the framing's claim.
package let claimName = "claim"
/// The name of what is said of a canary.
package let canaryName = "canary"
/// The name of the signal of how outcomes come.
package let labelsName = "labels"
/// The name of the signal of the predictions' quality with the labels to come worked in.
package let correctedName = "corrected"
/// The name of the signal of what is known of predictions and the rest as it is to be expected.
package let inFlightName = "in_flight"
/// The name of the signal of the newest window whose outcomes are all there.
package let completeName = "complete"
/// The name of what is said of a burst of labels.
package let burstName = "burst"
/// The decisions that are always the same.
package let constantBaselines = ["always_yes", "always_no"]
/// What the names begin with of how well single features predict the outcome.
package let leakagePrefix = "leakage."
/// The signal of how well a feature predicts the outcome by itself.
package func leakageSignal(_ path: FieldPath) -> String {
  FieldPath(["leakage"] + path.components).description
}
/// What the names begin with of the signals of each of several classes.
package let classPrefix = "classes."
/// The name of all classes that are not listed.
package let otherClassName = "__other__"
/// The signal of one of several classes.
package func classSignal(_ name: String) -> String { FieldPath(["classes", name]).description }
/// The signals that windows of quality have, beside those of baselines.
package let qualitySignals = [qualityName, estimateName, sampleName]
/// The signals that windows of quality have while their labels are arriving.
package let arrivalSignals = [labelsName, correctedName, inFlightName, completeName]

/// Which signals a statistic is asked of.
public enum SignalSelector: Hashable, Sendable, CustomStringConvertible {
  /// One signal by its name: `score`, `prediction`, `latency`, `failure`, `events`, a KPI as
  /// `kpis.NAME`, or a feature's path as it is written.
  case named(String)
  /// The members of an object, such as `features.*`, or all KPIs: `kpis.*`.
  case members(FieldPath)
  /// Every signal: `*`.
  case all

  /// Whether the selector is a wildcard, and thus makes one alert a signal.
  public var isWildcard: Bool {
    if case .named = self { false } else { true }
  }

  /// Whether the selector names the quality of the predictions.
  public var isQuality: Bool {
    if isLeakage { return true }
    guard case .named(let name) = self else { return false }
    return qualitySignals.contains(name) || arrivalSignals.contains(name)
      || VerdictWords.of[name] != nil
      || name.hasPrefix(baselinePrefix)
      || name.hasPrefix(liftPrefix)
  }

  /// Whether the selector names how well single features predict the outcome.
  public var isLeakage: Bool {
    switch self {
    case .named(let name): name.hasPrefix(leakagePrefix)
    case .members(let path): path.components.first == "leakage"
    case .all: false
    }
  }

  /// Whether the selector may name one of several classes; else it names a feature of such a name.
  public var isClass: Bool {
    if case .named(let name) = self { name.hasPrefix(classPrefix) } else { false }
  }

  /// The selector as a rule writes it.
  public var description: String {
    switch self {
    case .named(let signal): signal
    case .members(let path): path.description
    case .all: "*"
    }
  }

  /// Whether the selector means the feature at `path`.
  public func selects(feature path: FieldPath) -> Bool {
    switch self {
    case .named(let signal): signal == path.description
    case .members(let members): members.contains(path)
    case .all: true
    }
  }

  /// Whether the selector means a signal that is no feature, such as `score` or `kpis.NAME`.
  public func selects(signal name: String) -> Bool {
    switch self {
    case .named(let signal): signal == name
    case .members(let members):
      if let path = try? FieldPath(parsing: name) { members.contains(path) } else { false }
    case .all: true
    }
  }
}

extension SignalSelector {
  /// Whether the stream of events itself is meant.
  var isEvents: Bool { self == .named("events") }

  /// Whether lines that could not be used are meant: `refused`, or `refused.REASON`.
  var isRefused: Bool {
    guard case .named(let name) = self else { return false }
    return name == "refused"
      || name.hasPrefix("refused.") && Refusal(rawValue: String(name.dropFirst(8))) != nil
  }
}
