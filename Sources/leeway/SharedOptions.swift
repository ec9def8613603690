import Agent
import Arguments
import Connectors
import Glibc
import Monitoring
import Specification
import Trials
import YAML

/// The monitor file and how it is read.
struct MonitorOptions {
  static let monitor = Parameter(
    "monitor",
    "m",
    kind: .file,
    isRequired: true,
    help: "The monitor file (YAML)."
  )

  let path: String

  init(_ values: Values) {
    path = values.required(Self.monitor)
  }

  /// Reads and checks the monitor; prints what is wrong.
  ///
  /// - Parameter isQuiet: Whether warnings are left out.
  /// - Returns: The monitor.
  /// - Throws: `ExitCode(1)` when the file is refused.
  func load(isQuiet: Bool) throws -> Monitor { try loadMonitor(path, isQuiet: isQuiet) }
}

/// Reads and checks a monitor file; prints what is wrong.
///
/// - Parameters:
///   - path: The file.
///   - isQuiet: Whether warnings are left out.
/// - Returns: The monitor.
/// - Throws: `ExitCode(1)` when the file is refused.
func loadMonitor(_ path: String, isQuiet: Bool) throws -> Monitor {
  let bytes = try readFile(path)
  let (monitor, diagnostics) = Monitor.load(
    bytes: bytes,
    file: path,
    environment: environment(),
    files: namedFiles
  )
  for diagnostic in diagnostics
  where diagnostic.severity != .note && (!isQuiet || monitor == nil) {
    note(diagnostic.description)
  }
  guard let monitor else { throw ExitCode(1) }
  return monitor
}

/// The profile and the records of a run.
struct StreamOptions {
  static let parameters = [profile, metrics, alerts, deadLetters, threads, batch, quiet]

  static let profile = Parameter(
    "profile",
    kind: .file,
    help: """
      The reference profile that `leeway profile` wrote. Default: the monitor's \
      `reference.profile`, relative to the monitor file.
      """
  )
  static let metrics = Parameter(
    "metrics",
    kind: .file,
    help: "Write every statistic of every window there, as NDJSON; - is standard output."
  )
  static let alerts = Parameter(
    "alerts",
    kind: .file,
    help: "Write alert transitions there, as NDJSON; - is standard output."
  )
  static let deadLetters = Parameter(
    "dead-letters",
    kind: .file,
    help: "Write lines that cannot be used there, as NDJSON; - is standard output."
  )
  static let threads = Parameter(
    "threads",
    kind: .integer(1...64),
    standard: "1",
    help: "Threads to decode and count with, from 1 to 64. The output is the same."
  )
  static let batch = Parameter(
    "batch",
    kind: .integer(1...4096),
    standard: "1024",
    isHidden: true,
    help: "Events a batch, from 1 to 4096."
  )
  static let quiet = Parameter(
    "quiet",
    "q",
    form: .flag,
    help: "No progress and no notes on standard error."
  )

  let profile: String?
  let metrics: String?
  let alerts: String?
  let deadLetters: String?
  let threads: Int
  let batch: Int
  let quiet: Bool
  private let command: Command

  init(_ values: Values, of command: Command) throws(UsageError) {
    profile = values.text(Self.profile)
    metrics = values.text(Self.metrics)
    alerts = values.text(Self.alerts)
    deadLetters = values.text(Self.deadLetters)
    threads = values.integer(Self.threads)
    batch = values.integer(Self.batch)
    quiet = values.has(Self.quiet)
    self.command = command
    let outputs = [metrics, alerts, deadLetters].compactMap { $0 }
    guard Set(outputs).count == outputs.count else {
      throw command.error("two outputs have the same name: give each a file of its own.")
    }
  }

  /// The options of the pipeline.
  var pipeline: PipelineOptions {
    var options = PipelineOptions()
    options.threads = threads
    options.batch = batch
    options.measuring = metrics == nil ? .nothing : .everything
    options.keepsLetters = deadLetters != nil
    return options
  }

  /// Reads the profile and works it out against a monitor.
  ///
  /// - Parameters:
  ///   - monitor: The monitor.
  ///   - monitorPath: Its file: the profile's path is relative to it.
  ///   - wantsMetrics: Whether every statistic is worked out; by default when they are written.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
  /// - Returns: The plan.
  /// - Throws: `ExitCode(1)` when they do not go together; `UsageError` without a profile.
  func plan(
    _ monitor: Monitor,
    monitorPath: String,
    wantsMetrics: Bool? = nil,
    wantsDistinct: Bool? = nil
  ) throws -> Plan {
    try makePlan(
      monitor,
      monitorPath: monitorPath,
      profile: profile,
      wantsMetrics: wantsMetrics ?? (metrics != nil),
      wantsDistinct: wantsDistinct,
      isQuiet: quiet,
      for: command
    )
  }
}

/// Reads a profile and works it out against a monitor.
///
/// - Parameters:
///   - monitor: The monitor.
///   - monitorPath: Its file: the profile's path is relative to it.
///   - profile: The profile's path; `nil`: the one that the monitor names.
///   - wantsMetrics: Whether every statistic is worked out.
///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
///   - isQuiet: Whether warnings are left out.
///   - command: What runs.
/// - Returns: The plan.
/// - Throws: `ExitCode(1)` when they do not go together; `UsageError` without a profile.
func makePlan(
  _ monitor: Monitor,
  monitorPath: String,
  profile: String?,
  wantsMetrics: Bool,
  wantsDistinct: Bool? = nil,
  isQuiet: Bool,
  for command: Command
) throws -> Plan {
  guard
    let path = profile ?? monitor.profile.map({ MonitorFiles.path($0, beside: monitorPath) })
  else {
    throw command.error(
      "no profile: give --profile, or `reference: {profile: FILE}` in the monitor."
    )
  }
  let reference: Profile
  do {
    reference = try Profile(decoding: readFile(path))
  } catch let error as ProfileError {
    note("\(path): \(error)")
    throw ExitCode(1)
  }
  do throws(PlanError) {
    let plan = try Plan(
      monitor: monitor,
      profile: reference,
      wantsMetrics: wantsMetrics,
      wantsDistinct: wantsDistinct
    )
    if !isQuiet { for warning in plan.warnings { note("warning: \(warning)") } }
    return plan
  } catch {
    for problem in error.problems { note("\(monitorPath), \(path): \(problem)") }
    throw ExitCode(1)
  }
}

/// Writes a line of words to standard error.
func note(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// The bytes of a file.
///
/// - Throws: `ExitCode(1)` after saying why it cannot be read.
func readFile(_ path: String) throws -> [UInt8] {
  do {
    return try fileBytes(path)
  } catch {
    note(error.description)
    throw ExitCode(1)
  }
}

/// The YAML files that a path stands for, in order of their names: itself, or those of the folder.
func yamlFiles(_ path: String) throws -> [String] {
  guard let folder = unsafe opendir(path) else { return [path] }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
        unsafe String(cString: $0)
      }
    }
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { names.append(name) }
  }
  return names.sorted().map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
}

/// A file's bytes, or in words why it cannot be read.
func readNeighbour(_ path: String) throws(FileProblem) -> [UInt8] {
  do throws(StreamError) {
    return try fileBytes(path)
  } catch {
    throw FileProblem(error.description)
  }
}

/// The files that a monitor file names.
let namedFiles = MonitorFiles { path in
  do throws(StreamError) {
    return .success(try fileBytes(path))
  } catch {
    return .failure(MonitorFiles.Unreadable(reason: "\(error)"))
  }
}

/// The bytes of a file.
func fileBytes(_ path: String) throws(StreamError) -> [UInt8] {
  var source = try ByteSource(path: path, decompresses: false)
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = try unsafe buffer.withUnsafeMutableBufferPointer { space throws(StreamError) in
      try unsafe source.read(into: UnsafeMutableRawBufferPointer(space))
    }
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// The process's environment.
func environment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = unsafe environ
  while let line = unsafe entry.pointee {
    let parts = unsafe String(cString: line).split(separator: "=", maxSplits: 1)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    unsafe entry += 1
  }
  return variables
}
