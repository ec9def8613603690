import Agent
import Monitoring
import Records
import Specification

/// The monitors of a folder that are watched together.
///
/// One that cannot be read is told of and left out: it is no reason not to watch the others.
enum MonitorSet {
  /// Reads each monitor of a folder and works it out against its profile; prints what was found.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - options: The profile and the records of the run.
  ///   - files: The files that are read and written, as far as the command line says.
  ///   - wantsMetrics: Whether every statistic is worked out.
  /// - Returns: What is computed, at least one; no two of a model or of a name.
  /// - Throws: `ExitCode` where none is left, which was said.
  static func load(
    _ folder: MonitorFolder,
    _ options: StreamOptions,
    _ files: CommandFiles,
    wantsMetrics: Bool
  ) throws(ExitCode) -> [NamedPlan] {
    var plans: [(file: String, named: NamedPlan)] = []
    for file in folder.monitors {
      let plan: Plan
      do throws(SessionError) {
        plan = try options.plan(MonitorOptions(path: file), files, wantsMetrics: wantsMetrics)
      } catch {
        for line in error.words { note(lines: line) }
        continue
      }
      let named = NamedPlan(MonitorFolder.name(of: file), plan)
      if let reason = conflict(named, plans) {
        note("\(file): \(reason)")
        continue
      }
      plans.append((file, named))
    }
    let left = folder.monitors.filter { file in !plans.contains { $0.file == file } }
    if plans.isEmpty {
      note(
        left.isEmpty
          ? "no monitor (NAME.yaml) in the folder that -c names: put one there"
          : "none of \(counted(left.count, "monitor")) can be watched: mend what is named above"
      )
      throw ExitCode(1)
    }
    if !left.isEmpty { note("not watched: \(left.joined(separator: ", ")): the others are") }
    return plans.map(\.named)
  }

  /// Why a monitor is not watched beside others, in words.
  private static func conflict(
    _ named: NamedPlan,
    _ others: [(file: String, named: NamedPlan)]
  ) -> String? {
    if others.count == MonitorFolder.monitorLimit {
      return "more than \(MonitorFolder.monitorLimit) monitors in one agent: give it one of its own"
    }
    let model = named.plan.monitor.model
    if let other = others.first(where: { $0.named.plan.monitor.model == model }) {
      return "model \(model) is that of \(other.file), too: give each its own name"
    }
    if let other = others.first(where: { $0.named.name == named.name }) {
      return "\(other.file) has the same name but for its ending: rename one of them"
    }
    return nil
  }
}
