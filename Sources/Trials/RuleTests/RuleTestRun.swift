internal import Connectors
internal import Events
internal import Expressions
internal import Ingest
internal import Monitoring
internal import Specification

/// Runs the tests of a file.
public struct RuleTestRun {
  private let file: RuleTestFile
  private let read: FileReading
  /// Profiles by monitor and by the reference's place: tests share them.
  private var profiles: [ProfileKey: Profile] = [:]

  private struct ProfileKey: Hashable {
    var monitor: Int
    var line: Int
    var column: Int
  }

  /// Runs nothing yet.
  ///
  /// - Parameters:
  ///   - file: The tests.
  ///   - read: Reads a profile.
  public init(_ file: RuleTestFile, read: @escaping FileReading) {
    self.file = file
    self.read = read
  }

  /// Runs the tests whose names are wanted, in the file's order.
  public mutating func outcomes(where isWanted: (String) -> Bool) -> [RuleTestOutcome] {
    var outcomes: [RuleTestOutcome] = []
    for test in file.tests where isWanted(test.name) {
      var failures: [RuleTestFailure]
      do throws(FileProblem) {
        failures = try run(test)
      } catch {
        failures = [
          RuleTestFailure(
            line: test.input.line,
            column: test.input.column,
            message: "cannot run: \(error.message)",
            details: []
          )
        ]
      }
      outcomes.append(RuleTestOutcome(name: test.name, line: test.line, failures: failures))
    }
    return outcomes
  }

  private mutating func run(_ test: RuleTest) throws(FileProblem) -> [RuleTestFailure] {
    var trials: [Trial] = []
    for index in file.monitors.indices {
      let monitor = file.monitors[index].monitor
      let plan = try plan(index, test)
      let trial = Trial(
        plan,
        try source(test.input.value, monitor),
        start: test.start ?? Self.start(of: test.input.value, plan),
        wantsMetrics: !test.statisticTests.isEmpty
      )
      try trial.begin()
      trials.append(trial)
    }
    guard let start = trials.compactMap(\.start).min() else {
      throw FileProblem("no event of input_events could be used: check the time's field")
    }
    var judgement = RuleTestJudgement(test, trials, start: start)
    try judgement.run()
    return judgement.failures
  }

  private func source(
    _ events: TestEvents,
    _ monitor: Monitor
  ) throws(FileProblem) -> any EventSource {
    do {
      return try events.source(monitor)
    } catch {
      throw FileProblem(error.description)
    }
  }

  /// A made-up stream's start is known before its first event.
  private static func start(of source: TestEvents, _ plan: Plan) -> Int64? {
    guard case .generated(_, _, let times) = source, let width = plan.paneWidth else { return nil }
    return floorDivide(times.lowerBound, width) * width
  }

  // MARK: The reference

  private mutating func plan(_ index: Int, _ test: RuleTest) throws(FileProblem) -> Plan {
    let tested = file.monitors[index]
    let profile = try profile(index, test)
    do throws(PlanError) {
      return try Plan(
        monitor: tested.monitor,
        profile: profile,
        wantsMetrics: !test.statisticTests.isEmpty
      )
    } catch {
      throw FileProblem("\(tested.path): \(error)")
    }
  }

  /// The reference of a test; `nil` where nothing names one.
  private mutating func profile(_ index: Int, _ test: RuleTest) throws(FileProblem) -> Profile? {
    let tested = file.monitors[index]
    let key = ProfileKey(
      monitor: index,
      line: test.reference?.line ?? 0,
      column: test.reference?.column ?? 0
    )
    if let known = profiles[key] { return known }
    let profile: Profile
    switch test.reference?.value {
    case .events(let source)?:
      profile = try source.profile(tested.monitor)
    case .profile(let path)?:
      profile = try decoded(path)
    case nil:
      guard let name = tested.monitor.profile else {
        guard tested.monitor.referenceNeeds.isEmpty else {
          throw FileProblem(
            "no reference: \(tested.path) names no profile, add reference_events or profile"
          )
        }
        return nil
      }
      let files = NeighbourFiles(of: tested.path, environment: [:], read: read)
      profile = try decoded(files.path(name))
    }
    profiles[key] = profile
    return profile
  }

  private func decoded(_ path: String) throws(FileProblem) -> Profile {
    let bytes = try read(path)
    do throws(ProfileError) {
      return try Profile(decoding: bytes)
    } catch {
      throw FileProblem("\(path): \(error)")
    }
  }
}
