/// What a window is expected to look like: shares by bin, and how large a sample they are worth.
///
/// Counts of a reference, weighted, shrunk or mixed, are no longer the counts of one sample. What
/// the tests need of them is their shares and the size of the plain sample whose shares are as
/// uncertain; `counts` gives both back as the counts of such a sample.
///
/// - **Unit and range**: shares in [0, 1] that sum to 1; a size in events, above 0.
/// - **Determinism**: sums in a fixed order; the counts are integers.
public struct ReferenceShares: Sendable, Equatable {
  /// The share of each bin.
  public var shares: [Double]
  /// The size of the sample, in events.
  public var size: Double

  /// The shares of one sample; nothing when all counts are 0.
  ///
  /// - Parameter counts: Counts by bin.
  public init?(counts: [UInt64]) {
    self.init(weighted: [(1, counts)])
  }

  /// The shares of several samples of which an event counts with a weight; nothing when no event
  /// has one.
  ///
  /// `p_b = Σ_h f_h c_hb / Σ_h f_h n_h`; the size is `(Σ f n)² / Σ f² n`, that of a plain sample
  /// with the same variance.
  ///
  /// - **Source**: L. Kish, "Survey sampling", 1965, section 11.7.
  ///
  /// - Parameter samples: Weights, at least 0, and counts by the same bins.
  /// - Complexity: O(samples · bins).
  public init?(weighted samples: [(weight: Double, counts: [UInt64])]) {
    guard let bins = samples.first?.counts.count else { return nil }
    var sums = [Double](repeating: 0, count: bins)
    var total = 0.0
    var squares = 0.0
    for (weight, counts) in samples {
      precondition(counts.count == bins, "\(counts.count) bins, not \(bins)")
      precondition(weight >= 0 && weight.isFinite, "weight \(weight)")
      let count = add(counts, weight: weight, to: &sums)
      total += weight * count
      squares += weight * weight * count
    }
    guard total > 0, squares > 0 else { return nil }
    for index in sums.indices { sums[index] /= total }
    shares = sums
    size = total * (total / squares)
  }

  private init(shares: [Double], size: Double) {
    self.shares = shares
    self.size = size
  }

  /// The shares of a part, drawn towards those of the larger sample that it is a part of.
  ///
  /// `(n·p + κ·p_pool) / (n + κ)`: the posterior mean of the shares when those of the parts vary
  /// about the pool's as a Dirichlet distribution with parameters κ·p_pool does. Then
  /// `X² = n Σ_b (p_b − p_pool,b)²/p_pool,b` is `(B − 1)(n + κ)/(κ + 1)` on average. So a part that
  /// differs from the pool by more than chance shows how small κ is, and keeps its own shares: κ is
  /// the one that solves this for the X² that is seen, and at most `strength`.
  ///
  /// The size stays the part's own n: what the pool adds in precision it may cost in bias.
  ///
  /// - **Source**: I. J. Good, "The estimation of probabilities", 1965; the moment estimate of κ:
  ///   S. S. Brier, "Analysis of contingency tables under cluster sampling", 1980.
  ///
  /// - Parameters:
  ///   - part: The part.
  ///   - pool: The larger sample, of the same cells.
  ///   - strength: The largest κ, in events, at least 0; never more than the pool has.
  ///   - bins: The ends of the bins on which X² is taken, as sums of cells; the last one is the
  ///     number of cells.
  /// - Returns: The shares in between.
  /// - Complexity: O(cells).
  public static func shrunk(
    _ part: ReferenceShares,
    toward pool: ReferenceShares,
    strength: Double,
    bins: [Int]
  ) -> ReferenceShares {
    let most = min(strength, pool.size)
    var squares = 0.0
    var used = 0
    for (own, pooled) in zip(binSums(part.shares, bins), binSums(pool.shares, bins))
    where pooled > 0 {
      squares += (own - pooled) * (own - pooled) / pooled
      used += 1
    }
    let freedom = Double(max(used, 1) - 1)
    let excess = part.size * squares - freedom
    let moment = (freedom * part.size - part.size * squares) / excess
    let strength = excess > 0 ? min(most, max(0, moment)) : most
    let sum = part.size + strength
    var drawn = part
    for (index, pooled) in pool.shares.enumerated() {
      drawn.shares[index] = (part.size * drawn.shares[index] + strength * pooled) / sum
    }
    return drawn
  }

  /// The shares that a window's mix of strata would have, had each stratum its reference's shares.
  ///
  /// `r_b = Σ_s w_s p_sb`: direct standardisation. Its variance is `Σ_s w_s² p_sb(1 − p_sb)/n_s`.
  /// The size is the smaller of two: Kish's `1/Σ(w_s²/n_s)`, and the one with which the expected
  /// `Σ_b (error of r_b)²/r_b` of a plain sample, `(B − 1)/size`, is that of the mix,
  /// `Σ_s (w_s²/n_s) Σ_b p_sb(1 − p_sb)/r_b`. The second one is smaller where a stratum of few
  /// events has most of some bin.
  ///
  /// - **Source**: W. G. Cochran, "Sampling techniques", 1977, section 5.3 (the variance);
  ///   F. E. Satterthwaite, 1946 (a plain sample with the same expectation).
  ///
  /// - Parameter strata: For each stratum its weight in the window, at least 0, and its reference on
  ///   the bins that are judged.
  /// - Returns: The mix; nothing when no stratum has a weight.
  /// - Complexity: O(strata · bins).
  public static func mixed(
    _ strata: [(weight: Double, reference: ReferenceShares)]
  ) -> ReferenceShares? {
    let total = strata.reduce(0) { $0 + $1.weight }
    guard total > 0, let bins = strata.first?.reference.shares.count else { return nil }
    var shares = [Double](repeating: 0, count: bins)
    var kish = 0.0
    for (weight, reference) in strata {
      let share = weight / total
      for index in shares.indices { shares[index] += share * reference.shares[index] }
      kish += share * share / reference.size
    }
    var noise = 0.0
    for (weight, reference) in strata {
      let share = weight / total
      var spread = 0.0
      for (own, all) in zip(reference.shares, shares) where all > 0 {
        spread += own * max(0, 1 - own) / all
      }
      noise += share * share / reference.size * spread
    }
    let used = shares.count { $0 > 0 }
    // One bin with everything varies in no way: nothing is to be matched.
    let matched = noise > 0 && used > 1 ? Double(used - 1) / noise : .infinity
    return ReferenceShares(shares: shares, size: min(1 / kish, max(matched, 1)))
  }

  private static func binSums(_ shares: [Double], _ ends: [Int]) -> [Double] {
    var start = 0
    return ends.map { end in
      defer { start = end }
      return shares[start..<end].reduce(0, +)
    }
  }

  /// The counts of a plain sample of these shares and this size.
  ///
  /// Running sums are rounded, so that any run of bins is off by less than one event.
  ///
  /// - Complexity: O(bins).
  public var counts: [UInt64] {
    let total = max(1, size.rounded())
    var sum = 0.0
    var before = 0.0
    return shares.map { share in
      sum += share
      let end = max(before, roundedHalfUp(min(sum, 1) * total))
      defer { before = end }
      return UInt64(end - before)
    }
  }
}

/// Adds counts with a weight, cell by cell.
///
/// - Returns: The sum of the counts.
private func add(_ counts: [UInt64], weight: Double, to sums: inout [Double]) -> Double {
  let counts = counts.span
  var sums = sums.mutableSpan
  var count = 0.0
  for index in counts.indices {
    // An empty cell adds nothing, and most cells of a small stratum are empty.
    if counts[index] == 0 { continue }
    let value = Double(counts[index])
    sums[index] += weight * value
    count += value
  }
  return count
}

/// A number of at least 0 rounded to the nearest integer, halves away from 0, as `rounded()` has it.
///
/// Without a call of the C library for each number below 2^52, beyond which all are integers.
private func roundedHalfUp(_ number: Double) -> Double {
  guard number < 0x1p52 else { return number }
  let whole = Double(Int64(number))
  return number - whole >= 0.5 ? whole + 1 : whole
}
