internal import Events
public import Monitoring

extension SageMakerMonitor {
  /// The statistics as a reference profile; `nil` without statistics.
  ///
  /// A number's distribution is that of its KLL sketch, whose items of level i stand for 2^i values
  /// each; without a sketch the values of each of its (ten) buckets are spread evenly over it. Mean,
  /// standard deviation, least and greatest value are the file's. Whole numbers and texts beyond the
  /// listed ones are one category `__other__`. The file has no times: the profile starts and ends
  /// with the first captured event, or in 1970.
  public var profile: Profile? {
    let roles = columns.outputs.map { output in
      (name: output.column.type == "Fractional" ? "score" : "decision", output: output)
    }
    var signals = columns.watchedInputs.compactMap { input in
      signal(named: input.path.description, input.column, input.path)
    }
    signals.sort { $0.path < $1.path }
    for name in ["score", "decision"] {
      guard let role = roles.first(where: { $0.name == name }) else { continue }
      signals += [signal(named: name, role.output.column, role.output.path)].compactMap { $0 }
    }
    guard !signals.isEmpty else { return nil }
    return Profile(
      importing: signals,
      model: model,
      at: start,
      events: max(baseline.rows, 1)
    )
  }

  private func signal(
    named name: String,
    _ column: SageMakerBaseline.Column,
    _ path: FieldPath
  ) -> SignalProfile? {
    guard let statistics = column.statistics, statistics.present > 0 else { return nil }
    if column.isNumber, name != "decision" {
      let values = statistics.weightedValues
      return SignalProfile(
        importing: name,
        path: path,
        missing: statistics.missing,
        numbers: values,
        mean: statistics.mean,
        standardDeviation: statistics.standardDeviation
      )
    }
    var counts = statistics.categories.map { ($0.value, $0.count) }
    if counts.isEmpty {
      // A decision that is a number has a sketch; its values are the categories.
      var tally: [Double: Int] = [:]
      for item in statistics.sketch { tally[item.value, default: 0] += item.weight }
      counts = tally.sorted { $0.key < $1.key }.prefix(1_000).map { (written($0.key), $0.value) }
    }
    for value in column.domain where !counts.contains(where: { $0.0 == value }) {
      counts.append((value, 0))
    }
    guard !counts.isEmpty else { return nil }
    return SignalProfile(
      importing: name,
      path: path,
      missing: statistics.missing,
      categories: counts,
      others: max(statistics.present - counts.reduce(0) { $0 + $1.1 }, 0)
    )
  }

  private func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}

extension SageMakerBaseline.Statistics {
  /// The values with weights, from the sketch or else from the buckets, with the least and the
  /// greatest value among them.
  var weightedValues: [(value: Double, weight: Int)] {
    var values = sketch
    if values.isEmpty {
      values = buckets.flatMap { bucket in
        let steps = min(max(bucket.count, 0), 1_000)
        return (0..<steps).map { step in
          let place = (Double(step) + 0.5) / Double(steps)
          let share = bucket.count * (step + 1) / steps - bucket.count * step / steps
          return (bucket.lower + (bucket.upper - bucket.lower) * place, share)
        }
      }
    }
    values = values.filter { $0.value.isFinite && $0.weight > 0 }.sorted { $0.value < $1.value }
    // The extremes are known exactly: one of the outermost values is moved to each.
    if let minimum, let first = values.first, minimum < first.value {
      values[0].weight -= 1
      values.append((minimum, 1))
    }
    let last = values.indices.max { values[$0].value < values[$1].value }
    if let maximum, let last, maximum > values[last].value, values[last].weight > 0 {
      values[last].weight -= 1
      values.append((maximum, 1))
    }
    return values.filter { $0.weight > 0 }
  }
}
