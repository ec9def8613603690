/// The service level objectives of a starter monitor.
struct MonitorObjectives {
  /// One objective.
  struct Objective {
    var name: String
    /// An expression over the event.
    var good: String
    var share: String
    var comment: String
  }

  /// Availability where failures are seen, speed where latency is.
  let all: [Objective]

  init(_ roles: Roles) {
    var all: [Objective] = []
    if let failure = roles.failure {
      all.append(
        Objective(
          name: "availability",
          good: failure.good,
          share: Self.share(bad: failure.share),
          comment: "\(percent(failure.share)) of the sample failed"
        )
      )
    }
    if let latency = roles.latency {
      let slow = latency.choice.record.quantile(0.99) * latency.unit.seconds
      let limit = MonitorRules.roundedUp(slow)
      all.append(
        Objective(
          name: "speed",
          good: "latency < \(limit)",
          share: "98%",
          comment: "99 of 100 answers of the sample are faster"
        )
      )
    }
    self.all = all
  }

  /// The objective whose budget is twice what the sample spent, or more.
  private static func share(bad: Double) -> String {
    let ladder = [(0.0005, "99.9%"), (0.0025, "99.5%"), (0.005, "99%"), (0.025, "95%")]
    return ladder.first { bad <= $0.0 }?.1 ?? "90%"
  }
}
