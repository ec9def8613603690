internal import Sketches

/// Counts by bin, and their sum.
struct BinCounts: Sendable, Equatable {
  var counts: [UInt64]
  var total: UInt64

  init(_ counts: [UInt64]) {
    self.counts = counts
    total = counts.reduce(0, +)
  }
}

/// The profile's counts of one signal on the bins on which drift is judged: those of the whole and
/// of each segment's value.
///
/// - **Memory**: 8 bytes a bin, of which a number has eleven at most, for each value of a segment.
struct ProfileBins: Sendable {
  private let whole: BinCounts?
  private var segments: [[BinCounts]] = []

  /// - Parameters:
  ///   - profile: The signal's reference.
  ///   - ends: The ends of the bins, as positions of the compared counts.
  ///   - comparesUnseen: Whether *unseen* is a bin of its own, which is empty in a reference.
  init(_ profile: SignalProfile, ends: [Int], comparesUnseen: Bool) {
    guard !profile.isUnprofiled else {
      whole = nil
      return
    }
    let binned = { (counts: [UInt64]) in
      BinCounts((comparesUnseen ? counts + [0] : counts).summed(upTo: ends))
    }
    whole = binned(profile.counts)
    segments = profile.segmentCounts.map { $0.map(binned) }
  }

  /// The counts for a part of the traffic; `nil` where the profile has none.
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
  func place(of view: ViewName) -> ProfilePlace {
    guard case .part(let index, let value) = view, let segment = dimensions[index].segment else {
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

  /// A window's counts on the bins on which drift is judged, summed where they lie.
  func binned(_ counts: [UInt64]) -> [UInt64] {
    switch kind {
    case .number: counts.summed(from: bins.lowerBound, upTo: comparedBinEnds)
    case .category: compared(counts)
    }
  }
}

extension [UInt64] {
  /// The sums of neighbouring counts.
  ///
  /// - Parameters:
  ///   - first: Where the first sum begins.
  ///   - ends: Where each sum ends, as a distance from `first`, in increasing order.
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
