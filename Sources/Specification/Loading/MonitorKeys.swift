import Expressions

/// The keys of a monitor file, each list in the order in which the page documents it.
///
/// The loader, the JSON Schema and `docs/language.md` agree with these lists; tests compare them.
enum MonitorKeys {
  static let monitor = [
    "model", "framing", "events", "quality", "baselines", "canary", "feedback", "reference", "kpis",
    "windows", "slide", "zone",
    "lateness", "future",
    "idle",
    "labels", "slos", "rules", "incidents", "limits", "strict", "dead_letters", "pii",
    "public",
  ]
  static let events = ["prediction", "outcome", "prefix", "unwrap", "each"]
  static let wrapped = ["field", "encoding"]
  static let prediction = [
    "when", "id", "time", "version", "score", "decision", "scores", "group", "latency", "failure",
    "features",
    "segments", "duplicates", "feature_times", "price",
  ]
  static let price = ["tokens"]
  static let duplicates = ["horizon", "drop"]
  static let outcome = [
    "preset", "when", "id", "version", "time", "label", "annotator", "skipped", "source",
  ]
  static let quality = [
    "task", "window", "slide", "horizon", "silence", "maturity", "positive", "threshold", "top",
    "classes", "leakage",
  ]
  static let canary = ["stable", "canary", "share", "measures", "margin", "bound", "risk", "pairs"]
  static let feedback = ["features", "consent", "relabel", "rows", "retention"]
  static let rows = ["early"]
  static let relabel = ["budget", "uniform", "deadline", "policy", "model_answer"]
  static let framing = ["decision", "cost", "claim", "kpi"]
  static let cost = ["false_positive", "false_negative", "true_positive", "true_negative", "unit"]
  static let claim = ["measure", "at_least", "at_most", "over", "risk"]
  static let time = ["field", "unit", "zone", "format"]
  static let latency = ["field", "unit", "from", "decimal"]
  static let score = ["field", "from", "decimal"]
  static let feature = ["field", "type", "from", "decimal"]
  static let reference = ["profile", "rolling", "same_hour", "strata"]
  static let window = ["size", "slide", "calendar", "events"]
  static let slo = [
    "name", "good", "valid", "objective", "period", "tiers", "min_events", "no_data", "severity",
    "openslo", "value",
  ]
  static let sloSeverity = ["page", "ticket"]
  static let rule = [
    "alert", "expr", "burn", "silence", "window", "for", "keep_firing_for", "severity",
    "confidence", "bound", "fdr", "by", "relabel", "then", "labels", "annotations",
  ]
  /// The keys of which a rule has one: they say what kind it is.
  static let ruleKinds = ["expr", "burn", "silence"]
  static let incidents = ["quiet", "flapping", "within"]
  static let limits = [
    "line_bytes", "nesting", "signals", "categories", "segment_values", "versions", "pending",
    "spilled",
  ]
  static let deadLetters = ["raw", "raw_bytes"]
  static let pii = ["fields", "key"]
  static let piiKey = ["env", "file"]
}

/// The largest numbers of things in one file; each bounds what the agent must hold.
enum MonitorBounds {
  /// Windows: each multiplies the state.
  static let windows = 8
  /// Panes a window: 100,000 panes of a minute are 69 days.
  static let panesPerWindow: Int64 = 100_000
  /// Rules: each is judged at every pane's end.
  static let rules = 256
  /// KPIs: each is counted at every event.
  static let kpis = 64
  /// Baselines: each decides on every event.
  static let baselines = 4
  /// Classes: each multiplies what is counted of a window by all others.
  static let classes = 64
  /// Numbers of top predictions: each is told of in every window.
  static let tops = 8
  /// Fields of requests and rows: each is kept until the outcome comes.
  static let feedbackFields = 256
  /// Listed fields of people's data: each value of them is hashed.
  static let piiFields = 256
  /// Objectives: each is judged for every event.
  static let objectives = 32
  /// The fewest events of a long window that an objective can ask for.
  static let minimumEvents = 1...100_000_000
  /// Features that are listed one by one.
  static let features = 1_024
  /// Fields whose texts are JSON, and fields that hold batches: each is looked for in every line.
  static let wrapped = 16
  /// Fields that split the traffic: each multiplies the state.
  static let segments = 8
  /// Fields that say when a feature was known: each is read of every event.
  static let featureTimes = 32
  /// The longest time in which an event may come twice: each of its ids is held.
  static let duplicateHorizon = TimeSpan.days(7)
  /// Labels, and annotations, of one rule or monitor.
  static let labels = 32
  /// The longest past that windows are compared with: each of its hours is held.
  static let referencePeriod = TimeSpan.days(7 * 13)
  /// Events a window that counts them.
  static let eventsPerWindow = 1...100_000_000
}
