import Agent
import Arguments
import Connectors
import Glibc
import Ingest
import Monitoring
import Standing
import Terminal

/// The command `leeway top`.
struct TopCommand: RunnableCommand {
  static let command = Command(
    "leeway top",
    abstract: "Show live how a monitor stands: a replay, or a running agent.",
    discussion: """
      With --monitor it reads the streams as replay does and shows what is found while it is found. \
      Without, it shows the snapshot file that `leeway run --snapshot FILE` keeps. Keys: q quits, \
      ? shows the others. Needs a terminal.
      """,
    parameters: [monitor, profile, speed, threads, files]
  )
  private static let monitor = Parameter(
    "monitor",
    "m",
    kind: .file,
    help: "The monitor file (YAML): replay streams. Without it, look at a snapshot file."
  )
  private static let profile = Parameter(
    "profile",
    kind: .file,
    help: "The reference profile. Default: the monitor's `reference.profile`."
  )
  private static let speed = Parameter(
    "speed",
    kind: .positive,
    help: "Event seconds a second of replay. Default: as fast as it goes."
  )
  private static let threads = Parameter(
    "threads",
    kind: .integer(1...64),
    standard: "1",
    help: "Threads to decode and count with, from 1 to 64."
  )
  private static let files = Parameter(
    "files",
    form: .operand,
    kind: .file,
    isRequired: true,
    isRepeatable: true,
    help: "The snapshot file; with --monitor streams of events, - is standard input."
  )

  private let monitor: String?
  private let profile: String?
  private let speed: Double?
  private let threads: Int
  private let files: [String]

  init(_ values: Values) throws(UsageError) {
    monitor = values.text(Self.monitor)
    profile = values.text(Self.profile)
    speed = values.number(Self.speed)
    threads = values.integer(Self.threads)
    files = values.texts(Self.files)
    guard monitor == nil else { return }
    guard files.count == 1, files != ["-"] else {
      throw Self.command.error(
        "without --monitor one snapshot file is shown: give the FILE of leeway run --snapshot."
      )
    }
    guard profile == nil, speed == nil else {
      throw Self.command.error("--profile and --speed go with --monitor.")
    }
  }

  func run() throws {
    let signals = StopSignals(others: [SIGHUP, SIGQUIT])
    if let monitor { try replay(monitor, signals) } else { try follow(signals) }
  }

  /// The terminal, or why there is none.
  private func terminal() throws -> TerminalSession {
    guard let terminal = TerminalSession.take(environment: ProcessEnvironment.variables) else {
      note(
        "Error: leeway top needs a terminal: use leeway replay or leeway run for files and pipes."
      )
      throw ExitCode(64)
    }
    return terminal
  }

  // MARK: A running agent

  private func follow(_ signals: StopSignals) throws {
    var file = SnapshotFile(path: files[0])
    file.look()
    // What is there and is something else will not become a snapshot.
    if let error = file.error, error == .notASnapshot {
      note("\(files[0]): \(error). To replay streams, give their --monitor.")
      throw ExitCode(1)
    }
    var screen = try terminal()
    var state = ScreenState()
    var paused: Snapshot?
    while !state.isDone {
      let snapshot = state.isPaused ? paused : file.snapshot
      paused = snapshot
      screen.show(snapshot, state, file.feed)
      if wait([screen.keys, signals.descriptor], milliseconds: 250)[1] { break }
      for key in screen.pressed() { state.press(key, snapshot) }
      file.look()
    }
    screen.leave()
  }

  // MARK: A replay

  private func replay(_ path: String, _ signals: StopSignals) throws {
    let loaded = try MonitorOptions(path: path).load(isQuiet: false)
    let plan = try loaded.plan(profile: profile, wantsMetrics: true)
    note(warnings: plan.warnings)
    try show(Session(plan, Session.Request(.top, streams: files, pipeline: work)), signals)
  }

  /// Rounds are short, so that keys are answered at once; at a given speed very short ones.
  private var work: PipelineOptions {
    var options = PipelineOptions()
    options.threads = threads
    options.measuring = .whole
    options.keepsNewest = true
    options.parts = .newest
    options.chunksPerRound = 1
    options.chunkBytes = speed == nil ? 1 << 16 : 1 << 12
    return options
  }

  /// Shows a replay until `q` or a signal; then names the streams that broke.
  private func show(_ begun: consuming Session, _ signals: StopSignals) throws {
    let session = begun
    let one = session.only
    var screen = try terminal()
    var replay = LiveReplay(speed: speed)
    var state = ScreenState()
    while !state.isDone {
      let now = monotonicNanoseconds()
      // The first picture comes before the first event.
      if replay.snapshot == nil || state.isPaused {
        replay.halt(now: now)
      } else {
        replay.advance(&one.pipeline, now: now)
      }
      replay.renew(one.pipeline, now: now)
      screen.show(replay.snapshot, state, replay.feed(one.pipeline))
      let pause = state.isPaused || replay.hasEnded ? 250 : replay.pause(one.pipeline, now: now)
      var isStopping = false
      if pause > 0, !state.isPaused, !replay.isAhead, !replay.hasEnded {
        // A pipe that says nothing yet: what comes first is a key, an event or a signal.
        isStopping = one.pipeline.wait(
          for: signals.descriptor,
          milliseconds: Int32(min(pause, 50))
        )
      } else {
        isStopping = wait([screen.keys, signals.descriptor], milliseconds: pause)[1]
      }
      if isStopping { break }
      for key in screen.pressed() { state.press(key, replay.snapshot) }
    }
    screen.leave()
    for failure in one.pipeline.failures { note("\(failure)") }
    try session.conclude()
  }
}

/// Waits until one of some descriptors has something to read, or time has passed.
///
/// - Returns: Which of them have.
private func wait(_ descriptors: [Int32], milliseconds: Int) -> [Bool] {
  var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  let count = unsafe poll(&requests, nfds_t(requests.count), Int32(clamping: milliseconds))
  return requests.map { count > 0 && $0.revents != 0 }
}
