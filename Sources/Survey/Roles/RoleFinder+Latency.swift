internal import Events

extension RoleFinder {
  /// The field that says how long an answer took, with its unit.
  ///
  /// - Parameter traffic: How often events come, which bounds how long answers can take.
  /// - Returns: The field, its unit, and whether the unit is a guess.
  func latency(_ traffic: Traffic) -> (choice: Choice, unit: LatencyUnit, isGuessed: Bool)? {
    let record = best { record in
      guard record.isDuration || record.isNumeric && record.numbers.minimum >= 0,
        record.distinct > 1,
        table.presence(record) >= 0.5, FeatureContainer.rank(record.name) == 0
      else { return 0 }
      if record.name.has(RoleNames.latency) { return 3 }
      if record.isDuration { return 1 }
      return record.name.has(RoleNames.duration) ? 2 : 0
    }
    guard let record else { return nil }
    if record.isDuration {
      return (Choice(record: record, reason: "each text says its unit"), .seconds, false)
    }
    if let unit = record.name.words.compactMap({ RoleNames.units[$0] }).last {
      let reason = "in \(unit.rawValue), as its name says"
      return (Choice(record: record, reason: reason), unit, false)
    }
    let median = record.quantile(0.5)
    if let unit = customaryUnit(record.name), median * unit.seconds <= Self.longestCustomary {
      let reason = "in \(unit.rawValue), as proxies write it"
      return (Choice(record: record, reason: reason), unit, false)
    }
    let guess = Self.guessedUnit(median: median, rate: traffic.rate)
    return (Choice(record: record, reason: guess.reason), guess.unit, true)
  }

  /// The longest usual answer of a proxy, in seconds, up to which its customary unit is believed.
  private static let longestCustomary = 300.0
  /// Answers that are under way at one time in a log of one model: more are taken for a unit that
  /// is too large.
  private static let mostUnderWay = 1_000.0

  private func customaryUnit(_ name: FieldName) -> LatencyUnit? {
    RoleNames.customaryUnits.sorted { $0.key < $1.key }.first { name.has([$0.key]) }?.value
  }

  /// A unit from the size of the values, made smaller where too many answers would be under way at
  /// one time: by Little's law that is the rate times the mean time.
  ///
  /// - Parameters:
  ///   - median: Half of the values are below it.
  ///   - rate: Events a second; 0 where it is not known.
  /// - Returns: The unit, and the reason in words.
  static func guessedUnit(median: Double, rate: Double) -> (unit: LatencyUnit, reason: String) {
    let sized: LatencyUnit =
      median >= 1e6
      ? .nanoseconds : median >= 1e4 ? .microseconds : median >= 5 ? .milliseconds : .seconds
    let smaller = LatencyUnit.allCases.reversed().drop { $0 != sized }
    let unit = smaller.first { rate * median * $0.seconds <= mostUnderWay } ?? .nanoseconds
    let size = "the unit is a guess from the size: half are below \(plain(median))"
    guard unit != sized else { return (unit, size) }
    return (unit, size + ", and events come \(plain((rate * 10).rounded() / 10)) a second")
  }
}
