/// A probability sample of a pane's predictions of a size that is kept: bottom-k, or priority
/// sampling.
///
/// Each candidate has a number u that is uniform in (0, 1), from the hash of its id, and a weight
/// w. The k candidates of the smallest ranks `u/w` are the sample. With t, the next rank, a member's
/// inclusion probability is `π = min(1, w·t)`: given the other ranks it is in the sample just when
/// its own rank is below t.
///
/// - **Guarantee**: `Σ loss/π` over the sample is an unbiased estimate of the sum of losses over all
///   candidates, whatever the weights, and estimates of two candidates are uncorrelated. The size k
///   has to be fixed before the pane, and a weight may not depend on the hash.
/// - **Order**: the sample is a function of the set of candidates, whatever their order, and of the
///   union where two are merged.
/// - **Memory**: k + 1 candidates.
/// - **Source**: N. Duffield, C. Lund, M. Thorup, "Priority sampling for estimation of arbitrary
///   subset sums", JACM 54 (2007).
public struct BottomKSample: Sendable, Equatable {
  /// A prediction that may be sampled.
  public struct Candidate: Sendable, Equatable {
    /// A keyed hash of the id, uniform over all of its values.
    public let hash: UInt64
    /// How much it is wanted, above 0, finite; only ratios of weights matter.
    public let weight: Double
    /// The candidate's own number, which decides where ranks and hashes are the same.
    public let id: UInt64

    /// A prediction that may be sampled.
    public init(hash: UInt64, weight: Double, id: UInt64) {
      precondition(weight > 0 && weight.isFinite, "a weight of \(weight)")
      self.hash = hash
      self.weight = weight
      self.id = id
    }

    /// `u/w`, u the middle of the hash's step among 2⁵³ in (0, 1).
    public var rank: Double { (Double(hash >> 11) + 0.5) * 0x1p-53 / weight }

    /// Whether it is taken before another: by rank, then hash, then id.
    func precedes(_ other: Self) -> Bool {
      let (own, others) = (rank, other.rank)
      if own != others { return own < others }
      if hash != other.hash { return hash < other.hash }
      return id < other.id
    }
  }

  /// A sampled prediction.
  public struct Member: Sendable, Equatable {
    /// The prediction.
    public let candidate: Candidate
    /// π, the probability with which it was sampled, in (0, 1].
    public let inclusion: Double
  }

  /// k: the most members, at least 0.
  public let size: Int
  /// All candidates, N.
  public private(set) var population: Int
  /// The k + 1 first candidates, in order: with the size and the population all that is kept.
  public private(set) var first: [Candidate]

  /// A sample of no candidates.
  ///
  /// - Parameter size: k, at least 0.
  public init(size: Int) {
    precondition(size >= 0, "a sample of \(size)")
    self.size = size
    population = 0
    first = []
  }

  /// A sample that goes on from what was kept; there is none of what no sample keeps.
  ///
  /// - Parameters:
  ///   - size: k, at least 0.
  ///   - population: That of ``population``.
  ///   - first: Those of ``first``.
  public init?(size: Int, population: Int, first: [Candidate]) {
    guard size >= 0, population >= 0,
      first.count == (population > size ? size + 1 : population),
      zip(first, first.dropFirst()).allSatisfy({ $0.precedes($1) })
    else { return nil }
    self.size = size
    self.population = population
    self.first = first
  }

  /// A sample of candidates.
  ///
  /// - Parameters:
  ///   - candidates: In any order, each id once.
  ///   - size: k, at least 0.
  /// - Complexity: O(n + k log(n/k) · k): a candidate beyond the k + 1 first costs one comparison.
  public init(_ candidates: some Sequence<Candidate>, size: Int) {
    self.init(size: size)
    for candidate in candidates { insert(candidate) }
  }

  /// Takes a candidate that has not been taken.
  ///
  /// - Complexity: O(1) of one beyond the k + 1 first, else O(k).
  public mutating func insert(_ candidate: Candidate) {
    population += 1
    place(candidate)
  }

  private mutating func place(_ candidate: Candidate) {
    if first.count > size {
      guard candidate.precedes(first[size]) else { return }
      first.removeLast()
    }
    var (low, high) = (0, first.count)
    while low < high {
      let middle = (low + high) / 2
      if first[middle].precedes(candidate) { low = middle + 1 } else { high = middle }
    }
    first.insert(candidate, at: low)
  }

  /// Takes all candidates of another sample of the same size; no candidate is in both.
  ///
  /// - Complexity: O(k²).
  public mutating func merge(_ other: Self) {
    precondition(size == other.size, "samples of \(size) and \(other.size)")
    population += other.population
    for candidate in other.first { place(candidate) }
  }

  /// t, the rank of the first candidate that is no member; ∞ where all are.
  public var threshold: Double { first.count > size ? first[size].rank : .infinity }

  /// The members, by rank; all candidates with π = 1 where there are at most k.
  ///
  /// - Complexity: O(k).
  public var members: [Member] {
    let threshold = threshold
    return first.prefix(size).map {
      Member(candidate: $0, inclusion: min(1, $0.weight * threshold))
    }
  }
}
