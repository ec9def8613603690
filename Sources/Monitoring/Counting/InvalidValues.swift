internal import Events
internal import Records
internal import Specification

/// What the values of a signal look like that are of another type than the reference's.
///
/// Counts by kind and the earliest value of each: the same for any threads, batches and orders.
public struct InvalidValues: Sendable, Equatable {
  /// What a value is that cannot be used.
  enum Kind: Int, CaseIterable {
    case text, boolean, composite, overflow, notFinite, notText, notJSON, other
  }

  /// The earliest value of a kind.
  private struct Earliest: Sendable, Equatable {
    var time: Int64
    var bytes: [UInt8]

    func precedes(_ other: Earliest) -> Bool {
      time == other.time ? bytes.lexicographicallyPrecedes(other.bytes) : time < other.time
    }
  }

  private var counts = [Int](repeating: 0, count: Kind.allCases.count)
  private var earliest = [Earliest?](repeating: nil, count: Kind.allCases.count)

  /// The most bytes of a value that are kept: of numbers as text the whole, of texts the beginning.
  public static let exampleBytesLimit = 40

  /// None yet.
  init() {}

  /// Takes in a value.
  ///
  /// - Parameters:
  ///   - cell: A cell of another type than its signal's.
  ///   - time: Its event's time, in nanoseconds since 1970.
  ///   - chunk: What it was decoded from.
  mutating func insert(_ cell: Cell, at time: Int64, _ chunk: UnsafeRawBufferPointer) {
    let kind = Kind(cell)
    counts[kind.rawValue] += 1
    guard kind == .text, time <= earliest[kind.rawValue]?.time ?? .max,
      let bytes = unsafe canonicalBytes(of: cell, in: chunk)
    else { return }
    let own = Earliest(time: time, bytes: Array(bytes.prefix(Self.exampleBytesLimit + 1)))
    if let known = earliest[kind.rawValue], !own.precedes(known) { return }
    earliest[kind.rawValue] = own
  }

  /// Adds the values of other events.
  package mutating func merge(_ other: InvalidValues) {
    for kind in counts.indices {
      counts[kind] += other.counts[kind]
      guard let own = other.earliest[kind] else { continue }
      if let known = earliest[kind], !own.precedes(known) { continue }
      earliest[kind] = own
    }
  }

  /// What most of them are, in words: `text like "55.01"`.
  ///
  /// - Parameter showsValues: Whether a value may be shown; one that looks like a person's never is.
  /// - Returns: `nil` without any.
  func words(showsValues: Bool) -> String? {
    guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most),
      let kind = Kind(rawValue: place)
    else { return nil }
    switch kind {
    case .boolean: return "true or false"
    case .composite: return "lists or objects"
    case .overflow: return "numbers beyond the doubles"
    case .notFinite: return "NaN or Infinity"
    case .notText: return "strings that are no text"
    case .notJSON: return "words that JSON does not have"
    case .other: return "other values"
    case .text: break
    }
    guard showsValues, let bytes = earliest[place]?.bytes else { return "text" }
    let text = String(decoding: bytes.prefix(Self.exampleBytesLimit), as: UTF8.self)
    guard PersonalShape(text: text) == nil else { return "text" }
    return "text like \"\(visible(text))\(bytes.count > Self.exampleBytesLimit ? "…" : "")\""
  }
}

extension InvalidValues.Kind {
  init(_ cell: Cell) {
    switch cell {
    case .true, .false: self = .boolean
    case .composite: self = .composite
    case .overflow: self = .overflow
    case .notFinite: self = .notFinite
    case .notText: self = .notText
    case .notJSON: self = .notJSON
    default:
      switch cell.reference?.kind {
      case .string: self = .text
      case .boolean: self = .boolean
      case .number, nil: self = .other
      }
    }
  }
}

extension Plan {
  /// What values look like that cannot be used, beside what they were: `was number, now text like
  /// "55.01"`.
  ///
  /// - Parameter values: The values by signal.
  /// - Returns: Words by signal.
  public func words(_ values: [String: InvalidValues]) -> [String: String] {
    var words: [String: String] = [:]
    for (name, values) in values {
      let signal = profile.signal(named: name)
      let isShown = monitor.deadLetters.raw && signal?.isHidden != true
      guard let now = values.words(showsValues: isShown) else { continue }
      switch signal?.reference {
      case .number: words[name] = "was number, now \(now)"
      case .category(let reference):
        words[name] = "was \(reference.isBoolean ? "boolean" : "category"), now \(now)"
      case nil: words[name] = "now \(now)"
      }
    }
    return words
  }
}
