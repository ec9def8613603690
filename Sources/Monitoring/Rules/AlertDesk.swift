internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// The place that every transition of every alert passes on its way out.
///
/// What judges anything reports here how its alerts stand. The desk decides what receivers get to
/// know: it withholds alerts on broken data, keeps flapping ones firing, and groups what fires into
/// incidents. The life of an alert itself, `AlertState`, knows nothing of it.
///
///     reports of one time ─▶ flapping ─▶ withholding ─▶ incident ─▶ notices
///
/// Times are nanoseconds since 1970. What is due between two reports is done when time passes it, so
/// that the notices do not depend on how often time is told.
///
/// Its 10 properties are shared by the steps that a report goes through: its course decides what is
/// withheld, and that which incident it joins.
struct AlertDesk: Sendable {
  private let options: IncidentOptions
  private let model: String
  private var courses: [AlertKey: AlertCourse] = [:]
  /// The alerts that withhold others, pending or firing.
  private var inhibitors = Inhibitors()
  /// The alerts of the whole traffic that fire: they withhold the same of its parts.
  private var wholes: Set<AlertKey> = []
  /// The alerts that are withheld.
  private var waiting: [AlertKey: Incident.Member] = [:]
  /// The ends that are held back, also some that no longer are.
  private var heldEnds = HeldEnds()
  /// In the order in which they were opened.
  private var incidents: [OpenIncident] = []
  /// The latest time told.
  private(set) var clock = Int64.min
  /// When courses are looked through next for those that are over.
  private var coursesLimit = 64

  init(_ monitor: Monitor) {
    options = monitor.incidents
    model = monitor.model
  }

  /// Takes how some alerts stand at a time, all judged at once.
  ///
  /// - Parameters:
  ///   - reports: In the order in which their transitions go out; each alert once.
  ///   - time: When they were judged.
  ///   - notices: Receives what goes out.
  mutating func settle(_ reports: [AlertReport], at time: Int64, into notices: inout [Notice]) {
    advance(to: time, into: &notices)
    guard !reports.isEmpty else { return }
    for report in reports {
      let key = report.key
      var course = courses[key] ?? AlertCourse()
      let before = course.quietSince
      let phase = course.follow(report, at: time, options)
      if let since = course.quietSince, since != before {
        heldEnds.insert(HeldEnds.Entry(quietSince: since, key: key))
      }
      courses[key] = course
      note(key, fires: phase == .firing)
      guard report.scope.cause.inhibits else { continue }
      inhibitors.set(phase == .inactive ? nil : report.scope, for: key)
    }
    var sent: [(alert: Alert, cause: AlertCause)] = []
    var withheld: [Incident.Member] = []
    var ofWholes: [(member: Incident.Member, whole: AlertKey)] = []
    for report in reports {
      let whole = report.key.ofWhole.flatMap { wholes.contains($0) ? $0 : nil }
      let isBroken = inhibitors.withhold(report.scope, in: report.key.part)
      let isWithheld = isBroken || whole != nil
      let step = courses[report.key]?.step(report, isWithheld: isWithheld)
      note(report.key, waits: courses[report.key]?.withheld)
      if let alert = step?.alert { sent.append((alert, report.scope.cause)) }
      guard let member = step?.withheld else { continue }
      if let whole, !isBroken {
        ofWholes.append((member, whole))
      } else {
        withheld.append(member)
      }
    }
    publish(sent, withheld, ofWholes, into: &notices)
    forgetCourses(before: time)
    assert(strays.isEmpty, "\(strays) fire in an incident and have no course")
  }

  /// The alerts that fire in an incident and of which the desk knows nothing: always none.
  private var strays: [String] {
    let known = Set(courses.values.filter { $0.known == .firing }.compactMap(\.fingerprint))
    return incidents.flatMap { $0.firing.names.subtracting(known) }.sorted()
  }

  /// The alerts that are not inactive, in a fixed order, as receivers know them.
  var standing: [StandingAlert] {
    courses.keys.sorted().compactMap { key in
      guard let course = courses[key] else { return nil }
      if let withheld = course.withheld {
        return StandingAlert(
          name: key.rule,
          fingerprint: withheld.fingerprint,
          phase: course.known,
          isWithheld: true
        )
      }
      guard course.known != .inactive, let fingerprint = course.fingerprint else { return nil }
      return StandingAlert(
        name: key.rule,
        fingerprint: fingerprint,
        phase: course.known,
        isWithheld: false
      )
    }
  }

  /// The alerts that receivers know to fire, in a fixed order, as far as it is kept who they are.
  var firing: [(key: AlertKey, fingerprint: String, member: Incident.Member?)] {
    courses.keys.sorted().compactMap { key in
      guard let course = courses[key], course.known == .firing, let name = course.fingerprint else {
        return nil
      }
      return (key, name, incidents.lazy.compactMap { $0.member(name) }.first)
    }
  }

  /// The records of the incidents that are open, in the order in which they were opened.
  var openIncidents: [Incident] { incidents.map { $0.record(.updated, at: clock) } }

  /// Lets time pass: does what is due by then.
  mutating func advance(to time: Int64, into notices: inout [Notice]) {
    while let due = nextDue, due.time <= time {
      clock = max(clock, due.time)
      if let key = due.alert {
        heldEnds.removeFirst()
        guard let alert = courses[key]?.release(at: due.time) else { continue }
        inhibitors.set(nil, for: key)
        note(key, fires: false)
        note(key, waits: nil)
        publish([(alert, .value)], [], [], into: &notices)
      } else if let index = due.incident {
        notices.append(.incident(incidents.remove(at: index).record(.closed, at: due.time)))
      }
    }
    clock = max(clock, time)
  }

  /// What is due first: the end of a flapping alert, or else of an incident.
  private var nextDue: (time: Int64, alert: AlertKey?, incident: Int?)? {
    mutating get {
      while let first = heldEnds.first, courses[first.key]?.quietSince != first.quietSince {
        heldEnds.removeFirst()
      }
      let quiet = options.quiet.nanoseconds
      let ending = incidents.indices.lazy.compactMap { [incidents] index in
        incidents[index].quietSince.map { (time: $0, index: index) }
      }
      let ended = ending.min { ($0.time, $0.index) < ($1.time, $1.index) }
      if let held = heldEnds.first, held.quietSince <= ended?.time ?? held.quietSince {
        return (held.quietSince + quiet, held.key, nil)
      }
      return ended.map { ($0.time + quiet, nil, $0.index) }
    }
  }

  /// Sends alerts, their incidents' records first.
  private mutating func publish(
    _ sent: [(alert: Alert, cause: AlertCause)],
    _ withheld: [Incident.Member],
    _ ofWholes: [(member: Incident.Member, whole: AlertKey)],
    into notices: inout [Notice]
  ) {
    var states: [String: Incident.State] = [:]
    for (alert, _) in sent where alert.state == .resolved {
      guard let home = incidents.firstIndex(where: { $0.holds(alert.fingerprint) }) else {
        continue
      }
      incidents[home].end(alert.fingerprint, at: alert.time)
    }
    for (alert, cause) in sent where alert.state == .firing {
      let index = place(alert, &states)
      let isNew = incidents[index].insert(Incident.Member(alert, cause), at: alert.time)
      if isNew, cause.inhibits {
        for (_, member) in waiting.sorted(by: { $0.key < $1.key }) {
          _ = incidents[index].withhold(member)
        }
      }
      if isNew { states[incidents[index].id] = states[incidents[index].id] ?? .updated }
    }
    if let index = incidents.lastIndex(where: \.hasBrokenData) {
      for member in withheld where incidents[index].withhold(member) {
        states[incidents[index].id] = states[incidents[index].id] ?? .updated
      }
    }
    for (member, whole) in ofWholes {
      guard let name = courses[whole]?.fingerprint,
        let home = incidents.firstIndex(where: { $0.holds(name) }),
        incidents[home].withhold(member)
      else { continue }
      states[incidents[home].id] = states[incidents[home].id] ?? .updated
    }
    for incident in incidents {
      guard let state = states[incident.id] else { continue }
      notices.append(.incident(incident.record(state, at: clock)))
    }
    for (alert, _) in sent {
      var alert = alert
      if alert.state != .pending {
        alert.incident = incidents.first { $0.holds(alert.fingerprint) }?.id
      }
      notices.append(.alert(alert))
    }
    for index in incidents.indices { incidents[index].forgetEnded() }
  }

  /// Notes whether an alert fires, where it is of the whole traffic.
  private mutating func note(_ key: AlertKey, fires: Bool) {
    guard key.part == .whole else { return }
    if fires { wholes.insert(key) } else { wholes.remove(key) }
  }

  /// Notes which alert waits, if any.
  private mutating func note(_ key: AlertKey, waits member: Incident.Member?) {
    let before = waiting[key]
    waiting[key] = member
    if member == nil, let before { endWaiting(before) }
  }

  /// Tells the incidents that an alert no longer waits.
  private mutating func endWaiting(_ member: Incident.Member) {
    for index in incidents.indices { incidents[index].endWaiting(member.fingerprint) }
  }

  /// The incident of an alert that begins to fire: its own, also where it was withheld; else one in
  /// which its signal fires or that has recent news, or a new one.
  private mutating func place(_ alert: Alert, _ states: inout [String: Incident.State]) -> Int {
    let name = alert.fingerprint
    if let own = incidents.firstIndex(where: { $0.holds(name) || $0.withholds(name) }) {
      return own
    }
    if let signal = alert.labels["signal"],
      let same = incidents.lastIndex(where: { $0.fires(on: signal) })
    {
      return same
    }
    let quiet = options.quiet.nanoseconds
    if let recent = incidents.lastIndex(where: { alert.time - $0.lastNews <= quiet }) {
      return recent
    }
    let incident = OpenIncident(openedBy: alert, model: model)
    states[incident.id] = .opened
    incidents.append(incident)
    return incidents.count - 1
  }

  /// How many alerts are remembered: those that are not over, and some that are.
  var rememberedAlerts: Int { courses.count }

  /// How many alerts the open incidents remember one by one.
  var rememberedMembers: Int { incidents.reduce(0) { $0 + $1.rememberedCount } }

  /// Forgets alerts of which nothing matters any more, now and then.
  private mutating func forgetCourses(before time: Int64) {
    guard courses.count > coursesLimit else { return }
    courses = courses.filter { !$0.value.isOver(before: time - options.within.nanoseconds) }
    coursesLimit = max(64, 2 * courses.count)
  }
}

extension AlertDesk: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(courses)
    writer.write(inhibitors)
    writer.write(incidents)
    writer.write(clock)
    writer.write(coursesLimit)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let told: [AlertKey: AlertCourse] = try reader.read()
    let inhibiting: Inhibitors = try reader.read()
    incidents = try reader.read()
    clock = try reader.read()
    coursesLimit = try reader.read()
    for (key, course) in told.sorted(by: { $0.key < $1.key }) {
      if let now = restoration.key(key) {
        courses[now] = course
        note(now, fires: course.known == .firing)
        if let since = course.quietSince {
          heldEnds.insert(HeldEnds.Entry(quietSince: since, key: now))
        }
        waiting[now] = course.withheld
        inhibitors.set(inhibiting.scope(of: key), for: now)
      } else if course.known == .firing, let name = course.fingerprint {
        // Nobody will say that it ended: it does, so that its incident can.
        for index in incidents.indices where incidents[index].holds(name) {
          incidents[index].end(name, at: clock)
        }
        restoration.note(
          "\(key.rule) fired and the monitor no longer has it: it ended without a record"
        )
      } else if let member = course.withheld {
        endWaiting(member)
      }
    }
  }
}
