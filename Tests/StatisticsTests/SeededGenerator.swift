import Foundation
import TestSupport

extension SeededGenerator {
  /// A number in [0, 1).
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number, by Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }

  /// Counts over bins, some empty, some large.
  mutating func histogram(bins: Int) -> [UInt64] {
    (0..<bins).map { _ in
      let size = next() % 4
      return size == 0 ? 0 : next() % (size == 1 ? 10 : 10_000)
    }
  }
}

extension Array {
  /// The first index whose element fulfils a condition that, once fulfilled, stays so.
  func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Cells of right-closed intervals: the number of edges below each value.
func cellCounts(of values: [Double], edges: [Double]) -> [UInt64] {
  var cells = [UInt64](repeating: 0, count: edges.count + 1)
  for value in values {
    cells[edges.partitioningIndex { $0 >= value }] += 1
  }
  return cells
}

/// The type-7 quantile of sorted values, as numpy's `linear` method.
func exactQuantile(_ sorted: [Double], _ q: Double) -> Double {
  let position = Double(sorted.count - 1) * q
  let rank = min(Int(position), sorted.count - 1)
  if rank == sorted.count - 1 { return sorted[rank] }
  return sorted[rank] + (position - Double(rank)) * (sorted[rank + 1] - sorted[rank])
}

/// `∫ |F − G|` of two samples, by merging their sorted values.
func exactWasserstein(_ a: [Double], _ b: [Double]) -> Double {
  let points =
    (a.map { ($0, 1 / Double(a.count)) } + b.map { ($0, -1 / Double(b.count)) })
    .sorted { $0.0 < $1.0 }
  var difference = 0.0
  var sum = 0.0
  for (index, point) in points.enumerated().dropLast() {
    difference += point.1
    sum += abs(difference) * (points[index + 1].0 - point.0)
  }
  return sum
}

/// `sup |F − G|` of two samples.
func exactKolmogorovSmirnov(_ a: [Double], _ b: [Double]) -> Double {
  let points = (a.map { ($0, true) } + b.map { ($0, false) }).sorted { $0.0 < $1.0 }
  var below = (a: 0, b: 0)
  var largest = 0.0
  for (index, point) in points.enumerated() {
    if point.1 { below.a += 1 } else { below.b += 1 }
    if index + 1 < points.count && points[index + 1].0 == point.0 { continue }
    let difference = Double(below.a) / Double(a.count) - Double(below.b) / Double(b.count)
    largest = max(largest, abs(difference))
  }
  return largest
}

/// `x` to a power, so that other files need no mathematics of their own.
func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }

/// The natural logarithm, for the same reason.
func logarithm(_ x: Double) -> Double { log(x) }
