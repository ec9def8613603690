/// The extremes of every window that ends at the latest closed pane.
///
/// Extremes cannot be subtracted, so a window cannot slide by taking a pane away. Instead two
/// staircases are kept: the panes whose minimum is less than that of every later pane, and the
/// same for the maximum. The first step at or after a window's first pane is the answer.
///
/// - **Guarantee**: exact.
/// - **Memory**: 16 bytes a step; at most one step a pane, O(log panes) on stationary streams.
/// - **Order**: panes are closed in increasing order of index.
/// - **Source**: the ascending-minima queue, R. Harter, "The minimum on a sliding window
///   algorithm", 2001.
public struct SlidingExtremes: Sendable, Equatable {
  private struct Step: Sendable, Equatable {
    var pane: Int
    var value: Double
  }

  /// Panes and values increase.
  private var minima: [Step] = []
  /// Panes increase, values decrease.
  private var maxima: [Step] = []
  /// The latest pane that was closed.
  public private(set) var latestPane: Int?

  /// No panes yet.
  public init() {}

  /// Closes a pane; `pane` is greater than every pane closed before.
  ///
  /// - Complexity: O(1) amortised.
  public mutating func close(_ pane: Int, _ extremes: Extremes) {
    precondition(pane > latestPane ?? Int.min, "pane \(pane) closed after \(latestPane ?? 0)")
    latestPane = pane
    guard !extremes.isEmpty else { return }
    while let last = minima.last, last.value >= extremes.minimum { minima.removeLast() }
    minima.append(Step(pane: pane, value: extremes.minimum))
    while let last = maxima.last, last.value <= extremes.maximum { maxima.removeLast() }
    maxima.append(Step(pane: pane, value: extremes.maximum))
  }

  /// Forgets the panes before `pane`; no later query may begin before it.
  public mutating func drop(before pane: Int) {
    minima.removeSubrange(..<Self.firstStep(of: minima, from: pane))
    maxima.removeSubrange(..<Self.firstStep(of: maxima, from: pane))
  }

  /// The extremes of the panes `first` through `last`.
  ///
  /// - Parameters:
  ///   - first: The first pane of the window.
  ///   - last: The last pane, at or after the latest closed one: older windows cannot be asked
  ///     for, because the steps that only they need are gone.
  /// - Returns: Their extremes, empty when no pane had values.
  /// - Complexity: O(log steps).
  public func query(from first: Int, through last: Int) -> Extremes {
    precondition(last >= latestPane ?? last, "the window ends at \(last), before the latest pane")
    var extremes = Extremes()
    let low = Self.firstStep(of: minima, from: first)
    if low < minima.count { extremes.insert(minima[low].value) }
    let high = Self.firstStep(of: maxima, from: first)
    if high < maxima.count { extremes.insert(maxima[high].value) }
    return extremes
  }

  /// The index of the first step at or after `pane`.
  private static func firstStep(of steps: [Step], from pane: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].pane < pane { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension SlidingExtremes: ByteCodable {
  /// Layout: 0 or 1 + the latest pane; then both staircases: a count, then pane and value each.
  public func encode(into writer: inout ByteWriter) {
    writer.write(byte: latestPane == nil ? 0 : 1)
    if let latestPane { writer.write(zigzag: Int64(latestPane)) }
    for steps in [minima, maxima] {
      writer.write(varint: UInt64(steps.count))
      for step in steps {
        writer.write(zigzag: Int64(step.pane))
        writer.write(double: step.value)
      }
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let flag = try reader.readByte()
    guard flag <= 1 else { throw .invalid(offset: start) }
    if flag == 1 { latestPane = Int(try reader.readZigzag()) }
    minima = try Self.readSteps(from: &reader, latest: latestPane, sign: 1)
    maxima = try Self.readSteps(from: &reader, latest: latestPane, sign: -1)
    guard minima.isEmpty == maxima.isEmpty else { throw .invalid(offset: start) }
  }

  /// Reads a staircase whose panes increase and whose values increase when multiplied by `sign`.
  private static func readSteps(
    from reader: inout ByteReader,
    latest: Int?,
    sign: Double
  ) throws(CodingError) -> [Step] {
    let count = try reader.readCount(limit: reader.remaining / 9)
    var steps: [Step] = []
    steps.reserveCapacity(count)
    for _ in 0..<count {
      let offset = reader.offset
      let pane = Int(try reader.readZigzag())
      let value = try reader.readFiniteDouble()
      guard let latest, pane <= latest else { throw .invalid(offset: offset) }
      if let last = steps.last {
        guard pane > last.pane, value * sign > last.value * sign else {
          throw .invalid(offset: offset)
        }
      }
      steps.append(Step(pane: pane, value: value))
    }
    return steps
  }
}
