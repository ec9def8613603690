/// The non-decreasing function that is nearest to given points by weighted squares.
///
/// Points with the same place are pooled into their weighted mean first; then neighbours that
/// decrease are pooled until none does. Between its knots the function is a straight line, outside
/// it keeps the end's value.
///
/// - **Shape**: knots that strictly increase in x and do not decrease in y; those inside a flat
///   piece are left out.
/// - **Use**: with scores as places and outcomes as targets it is a calibration: its values are the
///   probabilities that the scores stand for.
/// - **Source**: R. E. Barlow et al., "Statistical Inference under Order Restrictions", 1972; B.
///   Zadrozny, C. Elkan, "Transforming classifier scores into accurate multiclass probability
///   estimates", KDD 2002. Knots and values are those of scikit-learn's
///   `IsotonicRegression(out_of_bounds="clip")`.
public struct IsotonicRegression: Sendable, Equatable {
  /// The knots' places, strictly increasing; one at least.
  public let knotPlaces: [Double]
  /// The knots' values, not decreasing.
  public let knotValues: [Double]

  /// A function of given knots; there is none of knots that are no such function.
  ///
  /// - Parameters:
  ///   - places: Finite, strictly increasing, one at least.
  ///   - values: Finite, not decreasing, as many.
  public init?(knotPlaces places: [Double], values: [Double]) {
    guard !places.isEmpty, places.count == values.count,
      places.allSatisfy(\.isFinite), values.allSatisfy(\.isFinite),
      zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    knotPlaces = places
    knotValues = values
  }

  /// Fits points; there is no fit of none.
  ///
  /// - Parameters:
  ///   - places: In any order, finite.
  ///   - targets: The points' targets in the same order, finite.
  ///   - weights: Their weights, above 0; empty where all are 1.
  /// - Complexity: O(n log n).
  public init?(places: [Double], targets: [Double], weights: [Double] = []) {
    precondition(places.count == targets.count, "\(places.count) places, \(targets.count) targets")
    precondition(
      weights.isEmpty || weights.count == places.count,
      "\(weights.count) weights, \(places.count) places"
    )
    let points = places.indices.map { index in
      (places[index], targets[index], weights.isEmpty ? 1 : weights[index])
    }
    // Sorted by all three, so that sums do not depend on the order of the points.
    var pooled: [Block] = []
    for (place, target, weight) in points.sorted(by: <) {
      if let last = pooled.last, last.first == place {
        pooled[pooled.count - 1].sum += target * weight
        pooled[pooled.count - 1].weight += weight
      } else {
        pooled.append(Block(first: place, last: place, sum: target * weight, weight: weight))
      }
    }
    self.init(pooled: pooled)
  }

  /// Fits the outcomes of scores: the calibration; there is none without outcomes, or with an
  /// infinite score.
  ///
  /// - Parameter table: The outcomes by score.
  /// - Complexity: O(scores).
  public init?(_ table: ScoreTable) {
    guard table.scores.first?.isFinite ?? false, table.scores.last?.isFinite ?? false else {
      return nil
    }
    let blocks = table.scores.indices.compactMap { index in
      let weight = table.positives[index] + table.negatives[index]
      let score = table.scores[index]
      return weight > 0
        ? Block(first: score, last: score, sum: table.positives[index], weight: weight) : nil
    }
    self.init(pooled: blocks)
  }

  /// Neighbours that share one value.
  private struct Block {
    var first: Double
    var last: Double
    var sum: Double
    var weight: Double
    var mean: Double { sum / weight }
  }

  private init?(pooled points: [Block]) {
    guard !points.isEmpty else { return nil }
    var blocks: [Block] = []
    for point in points {
      var block = point
      while let before = blocks.last, before.mean >= block.mean {
        block.first = before.first
        block.sum += before.sum
        block.weight += before.weight
        blocks.removeLast()
      }
      blocks.append(block)
    }
    var (places, values): ([Double], [Double]) = ([], [])
    for block in blocks {
      places.append(block.first)
      values.append(block.mean)
      if block.last > block.first {
        places.append(block.last)
        values.append(block.mean)
      }
    }
    knotPlaces = places
    knotValues = values
  }

  /// The function's value.
  ///
  /// - Complexity: O(log knots).
  public func callAsFunction(_ place: Double) -> Double {
    var (low, high) = (0, knotPlaces.count)
    while low < high {
      let middle = (low + high) / 2
      if knotPlaces[middle] >= place { high = middle } else { low = middle + 1 }
    }
    return value(at: place, knot: low)
  }

  /// The function's values at places that never fall.
  ///
  /// - Complexity: O(places + knots).
  public func callAsFunction(increasing places: [Double]) -> [Double] {
    var knot = 0
    return places.map { place in
      while knot < knotPlaces.count, knotPlaces[knot] < place { knot += 1 }
      return value(at: place, knot: knot)
    }
  }

  /// The value at a place, of the first knot at or above it.
  private func value(at place: Double, knot: Int) -> Double {
    if knot == knotPlaces.count { return knotValues[knot - 1] }
    if knot == 0 || knotPlaces[knot] == place { return knotValues[knot] }
    let (left, right) = (knotPlaces[knot - 1], knotPlaces[knot])
    let slope = (knotValues[knot] - knotValues[knot - 1]) / (right - left)
    let value = knotValues[knot - 1] + (place - left) * slope
    return min(max(value, knotValues[knot - 1]), knotValues[knot])
  }
}
