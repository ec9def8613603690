internal import Expressions
internal import Records
internal import Specification
internal import Statistics

extension BudgetMeter {
  /// The numbers of the objective as they stand, a part a window; windows without events say
  /// nothing.
  func measured(_ plan: Plan) -> [MeasuredPart] {
    lengths.compactMap { length in
      let reading = reading(length)
      guard reading.counts.events > 0 else { return nil }
      var measurements: [Measurement] = []
      measurements.append(measurement(.burn, reading.burnRate, reading, budgetOf: reading))
      if length == specification.period { measurements += periodMeasurements(reading) }
      assert(reading.start < end, "\(length) of \(specification.name): \(reading.start) to \(end)")
      for measured in measurements {
        assert(measured.isWithinBounds, "\(measured) is outside its own bounds")
      }
      return MeasuredPart(
        model: plan.monitor.model,
        window: length.description,
        start: reading.start,
        end: end,
        version: nil,
        segment: nil,
        measurements: measurements
      )
    }
  }

  private func periodMeasurements(_ reading: BurnReading) -> [Measurement] {
    let events = Double(reading.counts.events)
    var good = measurement(.goodShare, Double(reading.counts.good) / events, reading)
    if let interval = reading.interval {
      good.value.low = 1 - interval.upper
      good.value.high = 1 - interval.lower
    }
    var measurements = [
      good,
      measurement(.unjudgedShare, Double(reading.counts.unjudged) / events, reading),
      measurement(.budgetLeft, reading.budgetLeft, reading),
    ]
    if let seconds = timeToExhaustion(recent) {
      measurements.append(measurement(.timeToExhaustion, seconds, recent))
    }
    return measurements
  }

  /// One number; with the interval of the burn rate where that is it.
  private func measurement(
    _ statistic: BudgetStatisticName,
    _ value: Double?,
    _ reading: BurnReading,
    budgetOf burning: BurnReading? = nil
  ) -> Measurement {
    let interval = burning?.interval
    let share = specification.budget.share
    return Measurement(
      signal: specification.signal,
      statistic: statistic.rawValue,
      value: StatisticValue(
        value: value ?? .nan,
        low: interval.map { $0.lower / share },
        high: interval.map { $0.upper / share },
        n: reading.counts.events
      )
    )
  }
}
