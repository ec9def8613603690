internal import Expressions
internal import Records
internal import Sketches
internal import Statistics

extension Measure {
  static let mean = Measure(
    basis: { $0.meanBasis },
    ofSignal: { statistics, _ in statistics.moment(\.mean) }
  )
  static let std = Measure(ofSignal: { statistics, _ in statistics.moment(\.standardDeviation) })
  static let min = Measure(ofSignal: { statistics, _ in statistics.extreme(\.minimum) })
  static let max = Measure(ofSignal: { statistics, _ in statistics.extreme(\.maximum) })
  static let p50 = Measure(ofSignal: { statistics, _ in statistics.quantile(0.5) })
  static let p90 = Measure(ofSignal: { statistics, _ in statistics.quantile(0.9) })
  static let p95 = Measure(ofSignal: { statistics, _ in statistics.quantile(0.95) })
  static let p99 = Measure(ofSignal: { statistics, _ in statistics.quantile(0.99) })
}

extension SignalStatistics {
  /// The smallest and the largest value of a numeric signal.
  var extremes: Extremes? {
    guard case .number(let index, _) = signal.kind, present > 0 else { return nil }
    return history.extremes(of: index, keys: part.keys, panes: part.panes)
  }

  fileprivate func extreme(_ path: KeyPath<Extremes, Double>) -> StatisticValue? {
    extremes.map { StatisticValue(value: $0[keyPath: path], n: present) }
  }

  fileprivate func moment(_ path: KeyPath<Moments, Double?>) -> StatisticValue? {
    guard case .number(let index, _) = signal.kind, present > 0 else { return nil }
    return part.sums.moments[index][keyPath: path].map { StatisticValue(value: $0, n: present) }
  }

  fileprivate func quantile(_ probability: Double) -> StatisticValue? {
    guard case .number(let index, let reference) = signal.kind, let extremes else { return nil }
    if let quantiles = signal.quantiles {
      return part.sums.quantiles[quantiles].quantile(probability).map {
        relativeQuantile($0, extremes)
      }
    }
    let quantile = gridQuantile(
      edges: reference.grid.edges,
      cells: cells,
      minimum: extremes.minimum,
      maximum: extremes.maximum,
      isAtom: reference.grid.isAtom,
      order: { rank, cell, within in
        let unusual = part.sums.unusual[index]
        return unusual.order(rank, of: UInt64(present))
          ?? unusual.order(within, ofCell: cell, in: signal.gaps)
      },
      probability
    )
    return quantile.map {
      StatisticValue(value: $0.value, low: $0.low, high: $0.high, n: present)
    }
  }

  /// An estimate within a relative error, with the bounds that surely hold the exact value.
  private func relativeQuantile(_ estimate: Double, _ extremes: Extremes) -> StatisticValue {
    let bounds = [
      estimate / (1 + RelativeErrorQuantiles.relativeError),
      estimate / (1 - RelativeErrorQuantiles.relativeError),
    ].map { min(max($0, extremes.minimum), extremes.maximum) }
    return StatisticValue(
      value: min(max(estimate, extremes.minimum), extremes.maximum),
      low: min(bounds[0], bounds[1]),
      high: max(bounds[0], bounds[1]),
      n: present
    )
  }
}
