import Agent
import Monitoring
import Records
import Specification

/// The monitors that are watched, all of a folder or one, and what was last seen of their files.
///
/// One of a folder that cannot be read is told of and left out: it is no reason not to watch the
/// others.
struct MonitorSet {
  /// The folder, or the file of the only one.
  private let path: String
  /// Whether it is a folder.
  let isFolder: Bool
  private let options: StreamOptions
  private let files: CommandFiles
  private let wantsMetrics: Bool
  /// What the plans were made of that are watched, by the names of the monitors.
  private var digests: [String: UInt64] = [:]

  /// What is to change of what is watched.
  struct Changes {
    /// Monitors whose files are new, or others than they were.
    var plans: [NamedPlan] = []
    /// The names of those whose files are gone.
    var gone: [String] = []
  }

  /// A folder that was not looked into yet.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - options: The records of the run.
  ///   - files: The files that are read and written, as far as the command line says.
  ///   - wantsMetrics: Whether every statistic is worked out.
  init(_ path: String, _ options: StreamOptions, _ files: CommandFiles, wantsMetrics: Bool) {
    self.path = path
    isFolder = true
    self.options = options
    self.files = files
    self.wantsMetrics = wantsMetrics
  }

  /// The set of one monitor that was read, and is watched by the name of its model.
  ///
  /// - Parameters:
  ///   - loaded: The monitor.
  ///   - options: The records of the run.
  ///   - files: The files that are read and written, as far as the command line says.
  ///   - wantsMetrics: Whether every statistic is worked out.
  init(
    only loaded: LoadedMonitor,
    _ options: StreamOptions,
    _ files: CommandFiles,
    wantsMetrics: Bool
  ) {
    path = loaded.path
    isFolder = false
    self.options = options
    self.files = files
    self.wantsMetrics = wantsMetrics
    digests[loaded.monitor.model] = loaded.digest(profile: options.profile)
  }

  /// The snapshot of a monitor.
  ///
  /// - Parameters:
  ///   - name: The monitor's name.
  ///   - folder: The folder of the snapshots.
  /// - Returns: Its path.
  static func snapshot(of name: String, in folder: String) -> String { "\(folder)/\(name).json" }

  /// Reads each monitor and works it out against its profile; prints what was found.
  ///
  /// - Returns: What is computed, at least one; no two of a model or of a name.
  /// - Throws: `ExitCode` where none is left, which was said.
  mutating func load() throws(ExitCode) -> [NamedPlan] {
    let monitors = MonitorFolder(path)?.monitors ?? []
    var plans: [NamedPlan] = []
    var left: [String] = []
    for file in monitors {
      let others = plans.map { ($0.name, $0.plan.monitor.model) }
      guard let loaded = loaded(file),
        let named = plan(loaded, as: MonitorFolder.name(of: file), beside: others)
      else {
        left.append(file)
        continue
      }
      plans.append(named)
    }
    if plans.isEmpty {
      note(
        left.isEmpty
          ? "no monitor (NAME.yaml) in the folder that -c names: put one there"
          : "none of \(counted(left.count, "monitor")) can be watched: mend what is named above"
      )
      throw ExitCode(1)
    }
    if !left.isEmpty { note("not watched: \(left.joined(separator: ", ")): the others are") }
    return plans
  }

  /// Looks into the folder anew; prints what was found.
  ///
  /// - Parameter watched: The names and the models of what is watched.
  /// - Returns: What is to change: of a monitor that cannot be read nothing is.
  mutating func reload(_ watched: [(name: String, model: String)]) -> Changes {
    guard isFolder else { return reloadOnly(watched) }
    var changes = Changes()
    let monitors = MonitorFolder(path)?.monitors ?? []
    let names = Set(monitors.map(MonitorFolder.name(of:)))
    changes.gone = watched.map(\.name).filter { !names.contains($0) }
    guard changes.gone.count < watched.count else {
      note("\(path): no monitor that is watched is there any more: they go on as they were")
      return Changes()
    }
    for name in changes.gone { digests[name] = nil }
    var others = watched.filter { names.contains($0.name) }
    for file in monitors {
      let name = MonitorFolder.name(of: file)
      let loaded = loaded(file)
      if let digest = loaded?.digest(profile: options.profile), digest == digests[name] { continue }
      let isWatched = others.contains { $0.name == name }
      guard let loaded,
        let named = plan(loaded, as: name, beside: others.filter { $0.name != name })
      else {
        note("\(file): " + (isWatched ? "it is watched as it was" : "it is not watched"))
        continue
      }
      others.removeAll { $0.name == name }
      others.append((name, named.plan.monitor.model))
      changes.plans.append(named)
    }
    return changes
  }

  /// Looks at the only monitor's files anew; prints what was found.
  private mutating func reloadOnly(_ watched: [(name: String, model: String)]) -> Changes {
    let loaded = loaded(path)
    if let digest = loaded?.digest(profile: options.profile), let name = watched.first?.name,
      digest == digests[name]
    {
      return Changes()
    }
    guard let loaded, let named = plan(loaded, as: loaded.monitor.model, beside: []) else {
      note("\(path): it is watched as it was")
      return Changes()
    }
    return Changes(plans: [named])
  }

  /// Notes that a monitor is not watched as its files say, so that they are looked at again.
  mutating func forget(_ name: String) { digests[name] = nil }

  /// Reads a monitor; prints why it is refused.
  private func loaded(_ file: String) -> LoadedMonitor? {
    do throws(SessionError) {
      return try MonitorOptions(path: file).load(isQuiet: true)
    } catch {
      for line in error.words { note(lines: line, .error) }
      return nil
    }
  }

  /// Works a monitor out against its profile; prints what was found.
  private mutating func plan(
    _ loaded: LoadedMonitor,
    as name: String,
    beside others: [(name: String, model: String)]
  ) -> NamedPlan? {
    if !options.quiet { for warning in loaded.warnings { note(warning) } }
    do throws(SessionError) {
      let plan = try options.plan(loaded, files, wantsMetrics: wantsMetrics)
      if let reason = Self.conflict(name, plan.monitor.model, others) {
        note("\(loaded.path): \(reason)", .error)
        return nil
      }
      digests[name] = loaded.digest(profile: options.profile)
      return NamedPlan(name, plan)
    } catch {
      for line in error.words { note(lines: line, .error) }
      return nil
    }
  }

  /// Why a monitor is not watched beside others, in words.
  private static func conflict(
    _ name: String,
    _ model: String,
    _ others: [(name: String, model: String)]
  ) -> String? {
    if others.count >= MonitorFolder.monitorLimit {
      return "more than \(MonitorFolder.monitorLimit) monitors in one agent: give it one of its own"
    }
    if let other = others.first(where: { $0.model == model }) {
      return "model \(model) is that of \(other.name), too: give each its own name"
    }
    if others.contains(where: { $0.name == name }) {
      return "another file has the same name but for its ending: rename one of them"
    }
    return nil
  }
}
