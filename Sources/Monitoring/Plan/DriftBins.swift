internal import Sketches
internal import Statistics

/// Counts by bin, and their sum.
struct BinCounts: Sendable, Equatable {
  var counts: [UInt64]
  var total: UInt64

  init(_ counts: [UInt64]) {
    self.counts = counts
    total = counts.reduce(0, +)
  }
}

/// The bins on which drift of one signal is judged: deciles, or categories and *unseen*; with the
/// profile's counts on them.
///
/// - **Memory**: 8 bytes a bin, of which a number has eleven at most, for the whole and for each
///   value of a segment.
struct DriftBins: Sendable {
  /// Where the bins end, as positions of the compared counts.
  let ends: [Int]
  /// Where the compared counts stand among a window's, *unseen* not among them.
  private let place: Range<Int>
  /// Whether each count is a bin.
  private let isPlain: Bool
  /// Where the count of unseen values stands, where it is a bin of its own.
  private let unseen: Int?
  /// The bins of a number in which the whole profile has no value.
  private(set) var spare: [Int] = []
  /// How the bins of a category are pooled for drift; `nil` for a number.
  private(set) var categories: PooledBins?
  /// The profile's counts; `nil` where it has none.
  private var whole: BinCounts?
  /// The profile's counts of each value of each segment's field.
  private var segments: [[BinCounts]] = []

  /// The deciles of a number.
  init(_ profile: SignalProfile, cells: Range<Int>, ends: [Int]) {
    self.ends = ends
    place = cells
    isPlain = false
    unseen = nil
    take(profile)
  }

  /// The categories of a signal; `unseen` is `nil` where it cannot be told apart.
  init(_ profile: SignalProfile, categories: Range<Int>, unseen: Int?) {
    ends = Array(1..<categories.count + (unseen == nil ? 1 : 2))
    place = categories
    isPlain = true
    self.unseen = unseen
    if case .category(let reference) = profile.reference {
      self.categories = PooledBins(
        lacking: unseen == nil ? nil : categories.count,
        rest: reference.hasOther ? categories.count - 1 : nil,
        new: reference.newValues
      )
    }
    take(profile)
  }

  private mutating func take(_ profile: SignalProfile) {
    guard !profile.isUnprofiled else { return }
    let binned = { [ends, unseen] (counts: [UInt64]) in
      // Nothing of a reference is unseen.
      BinCounts((unseen == nil ? counts : counts + [0]).summed(upTo: ends))
    }
    let counts = binned(profile.counts)
    if !isPlain { spare = counts.counts.indices.filter { counts.counts[$0] == 0 } }
    whole = counts
    segments = profile.segmentCounts.map { $0.map(binned) }
  }

  /// The profile's counts for a part of the traffic; `nil` where it has none.
  subscript(place: ProfilePlace) -> BinCounts? {
    switch place {
    case .whole: return whole
    case .nowhere: return nil
    case .segment(let segment, let value):
      guard segments.indices.contains(segment), segments[segment].indices.contains(value) else {
        return nil
      }
      return segments[segment][value]
    }
  }

  /// A window's counts, summed where they lie.
  func binned(_ counts: [UInt64]) -> BinCounts {
    guard isPlain else { return BinCounts(counts.summed(from: place.lowerBound, upTo: ends)) }
    return BinCounts(counts[place] + (unseen.map { [counts[$0]] } ?? []))
  }
}

/// Which of a category's bins are special when the rare ones are pooled, as ``PooledCategories`` has it.
struct PooledBins: Sendable, Equatable {
  let lacking: Int?
  let rest: Int?
  /// What the profile predicts of values that it lacks.
  let new: NewValues
}

/// Where the profile has the counts that a part of the traffic is compared with.
///
/// A segment's value is compared with the same value's reference, a version with the whole.
enum ProfilePlace: Sendable, Equatable {
  case whole
  /// The index of the field among the profile's segments, and of the value among the field's.
  case segment(Int, value: Int)
  /// The reference does not have the segment's value.
  case nowhere
}

extension Plan {
  /// Where the profile has the counts for a part of the traffic.
  func place(of part: PartName) -> ProfilePlace {
    guard case .part(let index, let value) = part, let segment = dimensions[index].segment else {
      return .whole
    }
    guard case .value(let bytes) = value,
      let position = profile.segments[segment].values.firstIndex(of: bytes)
    else { return .nowhere }
    return .segment(segment, value: position)
  }
}

extension Signal {
  /// The profile's counts by cell or category for a part of the traffic.
  ///
  /// - Returns: `nil` where the reference does not have the part.
  func profileCounts(in place: ProfilePlace) -> [UInt64]? {
    guard !profile.isUnprofiled else { return nil }
    switch place {
    case .whole: return profile.counts
    case .nowhere: return nil
    case .segment(let segment, let value): return profile.counts(segment: segment, value: value)
    }
  }
}

extension [UInt64] {
  /// The sums of neighbouring counts.
  ///
  /// - Parameters:
  ///   - first: Where the first sum begins.
  ///   - ends: Where each sum ends, as a distance from `first`, in increasing order.
  /// - Returns: One sum an end.
  func summed(from first: Int = 0, upTo ends: [Int]) -> [UInt64] {
    let counts = span
    var start = first
    return ends.map { end in
      var sum: UInt64 = 0
      for index in start..<first + end { sum &+= counts[index] }
      start = first + end
      return sum
    }
  }
}
