/// The keys of a stream's description, each list in the order in which the page documents it.
enum StreamKeys {
  static let stream = ["seed", "start", "duration", "rate", "fields", "changes", "outcomes"]
  static let season = ["daily", "hours", "weekdays"]
  static let rate = ["mean", "arrivals"] + season
  static let daily = ["peak", "swing"]
  static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  static let distributions = [
    "constant", "normal", "lognormal", "exponential", "uniform", "integer", "category", "boolean",
    "sequence", "time", "linear", "logistic", "threshold",
  ]
  static let field =
    distributions + ["by", "decimals", "min", "max", "missing", "hidden"] + season
  static let boolean = ["probability", "field"]
  static let by = ["field", "values"]
  static let combination = ["bias", "terms", "noise"]
  static let term = ["slope", "log", "missing"]
  static let threshold = ["field", "at", "above", "below"]
  static let effects = ["multiply", "add", "missing", "constant", "share", "shares", "set", "type"]
  static let change = ["at", "for", "ramp", "rate", "effects", "field", "where"] + effects
  static let effect = ["field", "where"] + effects
  static let outcomes = ["where", "after", "fields"]
  static let after = ["field", "unit"]
  static let member = ["field", "time", "constant"]
}

/// The largest numbers of things in one description.
enum StreamBounds {
  /// Fields of an event.
  static let fields = 256
  /// Changes of a stream.
  static let changes = 256
  /// Values of one category.
  static let categories = 4_096
  /// Outcomes that wait until their time has come; further ones never come.
  static let waitingOutcomes = 1_000_000
  /// Events a second: beyond, times would no longer differ.
  static let perSecond = 1e6
  /// Events a second at the peak of all seasons and changes together.
  static let candidatesPerSecond = 1e7
  /// Decimals: a number and its decimals fit an integer.
  static let decimals = 9
}
