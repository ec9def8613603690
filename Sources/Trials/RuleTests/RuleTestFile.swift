internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

/// A file of rule tests: which monitors, on which streams, what is expected when.
///
/// Made by `load(path:environment:read:)`, which checks it and the monitors that it names.
public struct RuleTestFile: Sendable {
  /// The file's path as it was given.
  public let path: String
  var monitors: [TestedMonitor]
  var tests: [RuleTest]

  /// The tests' names, in the file's order.
  public var testNames: [String] { tests.map(\.name) }

  /// The files that are read with it, each by its path.
  package var files: [String] {
    [path] + monitors.map(\.path)
      + tests.flatMap { test in
        var sources = [test.input.value]
        var profiles: [String] = []
        switch test.reference?.value {
        case .profile(let path)?: profiles = [path]
        case .events(let source)?: sources.append(source)
        case nil: break
        }
        return profiles + sources.compactMap { if case .file(let path) = $0 { path } else { nil } }
      }
  }
}

/// A value with its place in the test file.
struct Placed<Value: Sendable>: Sendable {
  var value: Value
  var line: Int
  var column: Int
}

/// A monitor that is tested, from the very file that ships.
struct TestedMonitor: Sendable {
  var path: String
  var monitor: Monitor

  /// How often its fastest window is judged; `nil` where windows are not of time.
  var evaluationInterval: TimeSpan? {
    monitor.windows.compactMap { window in
      switch window.kind {
      case .sliding(_, let slide): slide
      case .calendar: TimeSpan.days(1)
      case .events: nil
      }
    }.min()
  }

  /// The names of all its rules.
  var alertNames: [String] {
    monitor.rules.map(\.alert) + monitor.burnRules.map(\.alert) + monitor.silenceRules.map(\.alert)
  }
}

/// One test.
struct RuleTest: Sendable {
  var name: String
  var line: Int
  /// The reference; `nil` for the profile that the monitor names.
  var reference: Placed<TestReference>?
  var input: Placed<TestEvents>
  /// What evaluation times count from, in nanoseconds since 1970, where the file says so.
  var start: Int64?
  var alertTests: [Placed<AlertTest>]
  var statisticTests: [Placed<StatisticTest>]
}

/// Where a test's reference comes from.
enum TestReference: Sendable {
  case profile(path: String)
  case events(TestEvents)
}

/// Where a test's events come from.
enum TestEvents: Sendable {
  /// A stream's file, its path complete.
  case file(String)
  /// Lines that stand in the test file.
  case lines([UInt8])
  case generated(StreamSpecification, without: Set<String>, times: Range<Int64>)
}

/// What is expected of a rule's alerts at a time.
struct AlertTest: Sendable {
  var time: TimeSpan
  var alert: String
  var state: AlertState.Phase
  /// `nil`: any number of them, but one.
  var expected: [ExpectedAlert]?
  /// Whether labels and annotations must be listed in full.
  var isExact: Bool
}

/// One alert that is expected.
struct ExpectedAlert: Sendable, Equatable {
  var labels: [String: String]
  /// `nil`: whatever they are.
  var annotations: [String: String]?
}

/// What is expected of a statistic at a time.
struct StatisticTest: Sendable {
  enum Expectation: Sendable, Equatable {
    case value(Double, tolerance: Double)
    case range(Double?, Double?)
    case none
  }

  var time: TimeSpan
  var model: String?
  var window: String
  var signal: String
  var statistic: String
  var version: String?
  var segment: String?
  var expectation: Expectation
}
