/// The keys of a monitor file, each list in the order in which the page documents it.
///
/// The loader, the JSON Schema and `docs/language.md` agree with these lists; tests compare them.
enum MonitorKeys {
  static let monitor = [
    "model", "events", "reference", "kpis", "windows", "slide", "lateness", "future", "idle",
    "labels", "rules", "incidents", "limits", "dead_letters",
  ]
  static let events = ["prediction"]
  static let prediction = [
    "when", "id", "time", "version", "score", "decision", "latency", "failure", "features",
    "segments",
  ]
  static let time = ["field", "unit"]
  static let latency = ["field", "unit"]
  static let feature = ["field", "type"]
  static let reference = ["profile"]
  static let window = ["size", "slide", "calendar", "events"]
  static let rule = [
    "alert", "expr", "silence", "window", "for", "keep_firing_for", "severity", "confidence", "fdr",
    "by", "labels", "annotations",
  ]
  static let incidents = ["quiet", "flapping", "within"]
  static let limits = [
    "line_bytes", "nesting", "signals", "categories", "segment_values", "versions",
  ]
  static let deadLetters = ["raw", "raw_bytes"]
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
  /// Features that are listed one by one.
  static let features = 1_024
  /// Fields that split the traffic: each multiplies the state.
  static let segments = 8
  /// Labels, and annotations, of one rule or monitor.
  static let labels = 32
  /// Events a window that counts them.
  static let eventsPerWindow = 1...100_000_000
  /// Bytes of one scalar: a monitor file needs no more, and places in it stay cheap to find.
  static let scalarBytes = 16_384
  /// Findings that are reported; the rest is counted.
  static let diagnostics = 100
}
