/// Where the predictions of each id stand: the one index for whatever asks by id.
///
/// An open-addressing table of places; the ids themselves stand in the rows. A place that is removed
/// is filled by those behind it, so that a look-up never gets longer with time.
struct IDIndex: Sendable {
  /// A window, by its number, and a row in it.
  struct Place: Hashable, Sendable {
    var window: Int32
    var row: UInt32
  }

  private struct Slot: Sendable {
    var hash: UInt32
    var place: Place
  }

  private static let free = Place(window: .max, row: .max)

  private var slots: [Slot]
  /// How many predictions it knows.
  private(set) var count = 0

  /// An index of nothing.
  init() { slots = Self.empty(16) }

  private static func empty(_ count: Int) -> [Slot] {
    [Slot](repeating: Slot(hash: 0, place: free), count: count)
  }

  /// The places whose ids may be this one, in no order; the caller looks at their rows.
  ///
  /// - Complexity: O(1) on average.
  func candidates(_ id: EventID, _ body: (Place) -> Void) {
    let hash = UInt32(truncatingIfNeeded: id.high)
    var position = Int(hash) & (slots.count - 1)
    while slots[position].place != Self.free {
      if slots[position].hash == hash { body(slots[position].place) }
      position = (position + 1) & (slots.count - 1)
    }
  }

  /// Adds a place.
  mutating func insert(_ id: EventID, _ place: Place) {
    if 4 * (count + 1) > 3 * slots.count { grow() }
    put(Slot(hash: UInt32(truncatingIfNeeded: id.high), place: place))
    count += 1
  }

  /// Removes a place that was added under an id.
  mutating func remove(_ id: EventID, _ place: Place) {
    let mask = slots.count - 1
    var position = Int(UInt32(truncatingIfNeeded: id.high)) & mask
    while slots[position].place != place {
      guard slots[position].place != Self.free else { return }
      position = (position + 1) & mask
    }
    empty(position)
  }

  /// Empties a slot, and lets those behind it fill it.
  private mutating func empty(_ position: Int) {
    let mask = slots.count - 1
    var hole = position
    var next = (hole + 1) & mask
    while slots[next].place != Self.free {
      let home = Int(slots[next].hash) & mask
      // What belongs at or before the hole moves into it.
      if (next - home) & mask >= (next - hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole].place = Self.free
    count -= 1
  }

  /// Removes all places in a window.
  ///
  /// - Complexity: O(places of all windows).
  mutating func removeAll(in window: Int32) {
    for position in slots.indices {
      while slots[position].place.window == window, slots[position].place != Self.free {
        empty(position)
      }
    }
  }

  private mutating func put(_ slot: Slot) {
    let mask = slots.count - 1
    var position = Int(slot.hash) & mask
    while slots[position].place != Self.free { position = (position + 1) & mask }
    slots[position] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Self.empty(2 * old.count)
    for slot in old where slot.place != Self.free { put(slot) }
  }
}
