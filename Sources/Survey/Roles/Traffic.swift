internal import Events

/// How often events come, how regularly and how orderly, as far as a sample can say.
struct Traffic: Sendable, Equatable {
  /// Seconds from the first event to the last.
  var seconds: Double
  /// Events a second; 0 when all events have one time.
  var rate: Double
  /// The longest time without an event, in seconds.
  var longestGap: Double
  /// The furthest that an event was behind the latest one before it, in seconds.
  var disorder: Double

  /// - Parameter times: Event times in nanoseconds, in the order of the lines.
  init(_ times: [Int64]) {
    var latest = Int64.min
    var worst = 0.0
    for time in times {
      if latest > time { worst = max(worst, Double(latest - time) / 1e9) }
      latest = max(latest, time)
    }
    let sorted = times.sorted()
    disorder = worst
    longestGap = zip(sorted.dropFirst(), sorted).map { Double($0 - $1) / 1e9 }.max() ?? 0
    seconds = sorted.isEmpty ? 0 : Double(sorted[sorted.count - 1] - sorted[0]) / 1e9
    rate = seconds > 0 ? Double(times.count - 1) / seconds : 0
  }

  /// A window, how often it moves, and how long a rule should wait.
  struct Windows: Sendable, Equatable {
    var main: String
    var slide: String
    var hold: String
    var keep: String
    /// About how many events the main window holds.
    var events: Double
    /// Whether the longest window, too, holds fewer than it should.
    var isThin: Bool
  }

  /// The events that the main window should hold: with fewer, ten bins are mostly noise.
  static let wantedEvents = 1_000.0

  /// The shortest window, of an hour or more, that holds enough events.
  var windows: Windows {
    let ladder: [(main: String, seconds: Double, slide: String, hold: String, keep: String)] = [
      ("1h", 3_600, "5m", "10m", "30m"), ("6h", 21_600, "30m", "1h", "3h"),
      ("1d", 86_400, "2h", "4h", "12h"), ("7d", 604_800, "1d", "1d", "3d"),
      ("28d", 2_419_200, "1d", "2d", "7d"),
    ]
    let step = ladder.first { rate == 0 || rate * $0.seconds >= Self.wantedEvents } ?? ladder[4]
    let events = rate * step.seconds
    return Windows(
      main: step.main,
      slide: step.slide,
      hold: step.hold,
      keep: step.keep,
      events: events,
      isThin: rate > 0 && events < Self.wantedEvents
    )
  }

  /// How long a window waits for late events: twice what was seen, 30 seconds at least.
  var lateness: String {
    Self.atLeast(
      2 * disorder,
      [(30, "30s"), (120, "2m"), (600, "10m"), (3_600, "1h"), (21_600, "6h"), (86_400, "1d")]
    ) ?? "1d"
  }

  /// After how long without an event somebody should know: four times the longest gap.
  var silence: String {
    Self.atLeast(
      4 * longestGap,
      [
        (600, "10m"), (1_800, "30m"), (3_600, "1h"), (10_800, "3h"), (21_600, "6h"),
        (86_400, "1d"), (259_200, "3d"),
      ]
    ) ?? "7d"
  }

  private static func atLeast(_ seconds: Double, _ ladder: [(Double, String)]) -> String? {
    ladder.first { $0.0 >= seconds }?.1
  }
}
