/// The ends of flapping alerts that are held back, by when their quiet began.
///
/// A binary heap, the first one at its head. An alert whose quiet begins again is put in again; what
/// it was put in for before is out of date, and whoever reads the head knows that and drops it.
struct HeldEnds: Sendable {
  /// An alert, and since when it has been quiet.
  struct Entry: Comparable, Sendable {
    var quietSince: Int64
    var key: AlertKey

    static func < (left: Entry, right: Entry) -> Bool {
      (left.quietSince, left.key) < (right.quietSince, right.key)
    }
  }

  private var entries: [Entry] = []

  /// The alert that has been quiet for longest, by key among equals.
  var first: Entry? { entries.first }

  /// How many there are, with those that are out of date.
  var count: Int { entries.count }

  /// Puts one in; O(log n).
  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var place = entries.count - 1
    while place > 0, entries[place] < entries[(place - 1) / 2] {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Drops the first one; O(log n).
  mutating func removeFirst() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    entries[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
        if entries[child] < entries[least] { least = child }
      }
      guard least != place else { return }
      entries.swapAt(place, least)
      place = least
    }
  }
}
