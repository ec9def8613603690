/// The keys of a file of rule tests, each list in the order in which the page documents it.
enum RuleTestKeys {
  static let sources = ["profile", "reference_events", "input_events", "start_timestamp"]
  static let file = ["rule_files", "evaluation_interval"] + sources + ["tests"]
  static let test = ["name"] + sources + ["alert_rule_test", "statistic_test"]
  static let input = ["file", "generate", "lines"]
  static let modification = [
    "file", "seed", "duration", "from", "until", "without", "only", "changes",
  ]
  static let alert = ["eval_time", "alertname", "exp_state", "exp_alerts", "exact"]
  static let expected = ["exp_labels", "exp_annotations"]
  static let bounds = ["exp_value", "exp_at_least", "exp_at_most", "exp_missing"]
  static let statistic =
    ["eval_time", "model", "window", "signal", "statistic", "version", "segment"] + bounds
    + ["tolerance"]
}

/// The largest numbers of things in one file of tests.
enum RuleTestBounds {
  /// Monitors of one file.
  static let ruleFiles = 64
  /// Tests of one file.
  static let tests = 1_000
  /// Expectations of one test.
  static let expectations = 10_000
}
