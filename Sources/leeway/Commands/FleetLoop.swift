import Agent
import Connectors
import Glibc
import Ingest
import Monitoring
import Specification

/// A member of a fleet from its start to its end: rounds, signals, and what is said on the way.
struct FleetLoop: ~Copyable {
  private var fleet: Fleet
  /// The agent file, whose own rules are judged.
  private var config: AgentConfig
  private var manager = ServiceManager(ProcessEnvironment.variables)
  private let isQuiet: Bool

  /// A member that has read nothing yet.
  init(_ fleet: consuming Fleet, _ config: AgentConfig, isQuiet: Bool) {
    self.fleet = fleet
    self.config = config
    self.isQuiet = isQuiet
  }

  /// Counts and judges until a signal comes; then keeps all for the other members.
  ///
  /// - Parameter signals: What signals ask for.
  /// - Throws: `SessionError.stream` where an output or the cluster refuses.
  mutating func run(_ signals: StopSignals) throws {
    if !isQuiet {
      note(warnings: fleet.mended)
      for plan in fleet.plans {
        let profile = plan.profile
        note(
          "leeway \(Leeway.version): watching \(plan.monitor.model) in a fleet, "
            + (profile.isAbsent ? "without a reference" : "reference \(profile.contentHash)")
        )
      }
    }
    manager.tell("READY=1")
    while true {
      let wish = wait(signals.descriptor) ? signals.take() : nil
      let now = AgentTime.now
      manager.beat(now: now.monotonic)
      if wish == .stop { break }
      try fleet.round(now)
      if wish == .reopen { try reopen(now) }
      if wish == .tell { note(figures: fleet.figures(now)) }
      tell(now)
    }
    manager.tell("STOPPING=1")
    try fleet.end()
    tell(AgentTime.now)
    guard !isQuiet else { return }
    for (plan, tally) in zip(fleet.plans, fleet.tallies) {
      note(
        (fleet.plans.count > 1 ? "\(plan.monitor.model): " : "")
          + "stopped: \(tally.events) predictions, \(tally.ignored) other events, "
          + "\(tally.refusedLines) refused"
      )
    }
  }

  /// Opens the outputs anew, and takes up what has changed of the agent's own rules.
  private mutating func reopen(_ now: AgentTime) throws {
    for error in fleet.reopen() { note(error, .error) }
    if let watch = config.reload() { try fleet.judgeItself(by: watch, now) }
  }

  private mutating func tell(_ now: AgentTime) {
    for sentence in fleet.takeNotes(now.monotonic) { note(sentence, .warning) }
  }

  /// Waits until something has come, a signal, or a second has passed.
  ///
  /// - Parameter descriptor: That of signals.
  /// - Returns: Whether a signal has.
  private func wait(_ descriptor: Int32) -> Bool {
    var requests = ([descriptor] + fleet.wakeDescriptors).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let ready = unsafe poll(&requests, nfds_t(requests.count), fleet.isBusy ? 0 : 1000)
    return ready > 0 && requests[0].revents != 0
  }
}
