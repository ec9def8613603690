internal import Events

/// What comes of the events of a stream: lines of their own, each some time after its event.
struct OutcomeDescription: Sendable, Equatable {
  /// Only events whose fields have these values have an outcome.
  var conditions: [ChangeEffect.Condition] = []
  /// The field that says how long after the event it comes, by its index; less than 0 counts as 0.
  var delay: Int
  /// The nanoseconds of one of that field.
  var unit: Double
  /// What its line holds, in order.
  var members: [Member]

  /// A member of the line.
  struct Member: Sendable, Equatable {
    /// Where it stands.
    var path: FieldPath
    /// What it holds.
    var content: Content
  }

  /// What a member holds.
  enum Content: Sendable, Equatable {
    /// What the event's field does, by its index; nothing where that is missing.
    case field(Int)
    /// The outcome's time.
    case time(TimeFormat)
    /// A fixed value, by its place among the literals.
    case literal(Int)
  }

  /// How long after its event it comes, in nanoseconds; `nil` where it never does.
  func delay(_ values: [FieldValue]) -> Int64? {
    guard case .number(let number) = values[delay] else { return nil }
    let nanoseconds = (max(0, number) * unit).rounded()
    return nanoseconds < Self.longestDelay ? Int64(nanoseconds) : nil
  }

  /// Two centuries: later than any stream's end.
  private static let longestDelay = 6.3e18
}

/// The outcomes that wait until their time has come, the first of them at the top.
///
/// A binary heap.
///
/// - **Complexity**: O(log n) to insert and to remove.
struct WaitingLines {
  /// An outcome that waits.
  struct Entry {
    var time: Int64
    /// The number of its event: of several outcomes at a time, the one of the first event goes first.
    var event: Int
    var line: [UInt8]

    func precedes(_ other: Entry) -> Bool { (time, event) < (other.time, other.event) }
  }

  private var heap: [Entry] = []

  /// When the first one comes, in nanoseconds since 1970.
  var firstTime: Int64? { heap.first?.time }

  /// Takes one in; where too many wait already, it never comes.
  mutating func insert(_ entry: Entry) {
    guard heap.count < StreamBounds.waitingOutcomes else { return }
    heap.append(entry)
    var place = heap.count - 1
    while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// The first one, which waits no more.
  mutating func removeFirst() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var place = 0
    while let child = earlierChild(of: place), heap[child].precedes(heap[place]) {
      heap.swapAt(place, child)
      place = child
    }
    return first
  }

  private func earlierChild(of place: Int) -> Int? {
    let (left, right) = (2 * place + 1, 2 * place + 2)
    guard left < heap.count else { return nil }
    return right < heap.count && heap[right].precedes(heap[left]) ? right : left
  }
}
