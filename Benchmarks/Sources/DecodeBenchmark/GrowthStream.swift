/// Streams that grow in one way, and their monitor: what is worked out must grow no faster.
struct GrowthStream {
  /// How versions come.
  enum Versions: String {
    /// The same few all the time.
    case few
    /// Hundreds in the same ten minutes; as many more as there are more events.
    case many
    /// A new one each minute, each of which has an alert: one incident that stays open.
    case rollouts
  }

  let versions: Versions

  /// How many events a minute has, but where many versions come at the same time.
  static let eventsPerMinute = 60
  /// How many events each of many versions has.
  static let eventsPerVersion = 60
  /// How long many versions take, in seconds.
  static let manySeconds = 600

  /// The monitor of all of them; each version has an alert.
  static let monitor = """
    model: growth
    events:
      prediction:
        time: ts
        version: version
        score: score
        features: [features.a, features.b]
    reference: {profile: growth.profile}
    windows:
      main: {size: 5m, slide: 1m}
    limits: {versions: 500}
    rules:
      - alert: HighScore
        expr: mean(score) > 0.1
        by: version

    """

  /// `count` lines, the same for the same count.
  func lines(_ count: Int) -> [UInt8] {
    var random = EventGenerator()
    var bytes: [UInt8] = []
    for index in 0..<count {
      let version =
        switch versions {
        case .few: index % 3
        case .many: index % max(1, count / Self.eventsPerVersion)
        case .rollouts: index / Self.eventsPerMinute
        }
      let second =
        versions == .many ? index * Self.manySeconds / count : index * 60 / Self.eventsPerMinute
      let line =
        "{\"ts\":\(1_709_251_200 + second),\"version\":\"v\(version)\","
        + "\"score\":0.\(1000 + random.next() % 9000),"
        + "\"features\":{\"a\":\(random.next() % 1000),\"b\":\(random.next() % 24)}}\n"
      bytes.append(contentsOf: line.utf8)
    }
    return bytes
  }
}
