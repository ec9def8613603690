internal import Expressions
internal import Records
internal import Sketches
internal import Statistics

extension Measure {
  static let psi = Measure(needs: .bins, ofSignal: { $1.bins.flatMap { $0.value($0.stability) } })
  static let js = distance(jensenShannonDistance)
  static let hellinger = distance(hellingerDistance)
  static let lInfinity = distance(chebyshevDistance)
  static let tvd = distance(totalVariation)
  static let chi2 = Measure(needs: .bins, ofSignal: { $1.bins.flatMap(\.chiSquared) })
  static let drift = Measure(
    needs: .judged,
    ofSignal: { statistics, sides in
      (statistics.isAdjusted ? sides.adjusted : sides.bins).flatMap { $0.drift(sides.criterion) }
    }
  )
  static let within = Measure(
    needs: .strata,
    ofSignal: { $1.adjusted.flatMap { $0.value($0.stability) } }
  )
  /// How far the window's mix alone moves what is expected.
  static let mix = Measure(
    needs: [.bins, .strata],
    ofSignal: { _, sides in
      guard let plain = sides.bins, let adjusted = sides.adjusted else { return nil }
      return adjusted.value(
        populationStability(reference: plain.reference, current: adjusted.reference)
      )
    }
  )
  static let ks = Measure(
    needs: .cells,
    ofSignal: { statistics, sides in
      sides.reference.flatMap(statistics.kolmogorovSmirnovDistance)
    }
  )
  static let wasserstein = Measure(
    needs: .cells,
    ofSignal: { statistics, sides in sides.reference.flatMap(statistics.wasserstein) }
  )

  /// A distance of the bins' shares.
  private static func distance(
    _ distance: @escaping @Sendable (_ reference: [UInt64], _ current: [UInt64]) -> Double?
  ) -> Measure {
    Measure(
      needs: .bins,
      ofSignal: { $1.bins.flatMap { $0.value(distance($0.reference, $0.current)) } }
    )
  }
}

extension ComparedBins {
  fileprivate var chiSquared: StatisticValue? {
    guard let outcome = chiSquaredTwoSample(reference: reference, current: current) else {
      return nil
    }
    var value = value(outcome.statistic)
    value?.pValue = outcome.pValue
    return value
  }
}

extension SignalStatistics {
  fileprivate func kolmogorovSmirnovDistance(_ reference: SignalReference) -> StatisticValue? {
    guard
      case .number(_, let number) = signal.kind,
      let bounds = kolmogorovSmirnov(
        referenceCells: reference.counts,
        currentCells: cells,
        isAtom: number.grid.isAtom
      )
    else { return nil }
    let referenceCount = reference.counts.reduce(0, +)
    let effective = 1 / (1 / Double(referenceCount) + 1 / Double(present))
    return StatisticValue(
      value: bounds.low,
      low: bounds.low,
      high: bounds.high,
      pValue: kolmogorovPValue(statistic: bounds.low, effectiveCount: effective),
      n: present,
      referenceN: Int(referenceCount)
    )
  }

  /// The window's mean less the reference's, where that is known: of the whole profile, exactly.
  private func meanDifference(_ number: NumericReference, _ index: Int) -> Double? {
    guard part.reference.isProfile, part.place == .whole, number.rankError == 0 else { return nil }
    return part.sums.moments[index].mean.map { $0 - number.summary.mean }
  }

  fileprivate func wasserstein(_ reference: SignalReference) -> StatisticValue? {
    guard case .number(let index, let number) = signal.kind else { return nil }
    let outer = part.sums.outer[index]
    let distance = wassersteinDistance(
      edges: number.grid.edges,
      reference: GridSample(
        cells: reference.counts,
        sumBelow: reference.sumBelow,
        sumAbove: reference.sumAbove
      ),
      current: GridSample(cells: cells, sumBelow: outer.belowSum, sumAbove: outer.aboveSum),
      isAtom: number.grid.isAtom,
      meanDifference: meanDifference(number, index),
      places: { part.sums.unusual[index].places(inCell: $0, of: signal.gaps) }
    )
    return distance.map {
      StatisticValue(value: $0, n: present, referenceN: Int(reference.counts.reduce(0, +)))
    }
  }
}
