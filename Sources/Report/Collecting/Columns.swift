/// When the windows of a row of cells or of a line ended, with several windows a column in long
/// streams.
///
/// A stretch is a power of two of windows. When there are as many columns as may be held, pairs of
/// them are joined and the stretch doubles: what is kept depends on the windows alone, and memory
/// is bounded.
struct Columns: Equatable, Sendable {
  /// The end of each column's first window, in nanoseconds since 1970.
  private(set) var firstEnds: [Int64] = []
  /// The end of each column's last window.
  private(set) var lastEnds: [Int64] = []
  /// The windows of a column; the last column may have fewer.
  private(set) var stretch = 1
  private var filled = 0

  /// The most columns; may be lowered, and at the next window columns are joined until they fit.
  var limit: Int

  init(limit: Int) {
    self.limit = max(2, limit)
  }

  var count: Int { lastEnds.count }

  /// What taking in a window does to the columns.
  struct Step: Equatable {
    /// How often neighbours are joined first.
    var joins = 0
    /// Whether the window then begins a column; else it belongs to the last one.
    var begins = true
  }

  /// Takes in a window.
  mutating func append(end: Int64) -> Step {
    var step = Step()
    while count >= limit, filled == stretch {
      join()
      step.joins += 1
    }
    if count > 0, filled < stretch {
      filled += 1
      lastEnds[count - 1] = end
      step.begins = false
    } else {
      firstEnds.append(end)
      lastEnds.append(end)
      filled = 1
    }
    return step
  }

  /// Joins neighbours; an odd last column stays alone and is filled up by what comes.
  mutating func join() {
    let isOdd = count % 2 == 1
    firstEnds = joinPairs(firstEnds) { first, _ in first }
    lastEnds = joinPairs(lastEnds) { _, last in last }
    if !isOdd { filled += stretch }
    stretch *= 2
  }
}

/// Joins neighbours of an array that goes with columns.
func joinPairs<Element>(_ items: [Element], _ join: (Element, Element) -> Element) -> [Element] {
  stride(from: 0, to: items.count, by: 2).map { index in
    index + 1 < items.count ? join(items[index], items[index + 1]) : items[index]
  }
}
