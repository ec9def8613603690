internal import Events
internal import Expressions
internal import Sketches
internal import Specification

/// Finds which version is in use and which are new, by their shares of the predictions.
///
/// Shares are those of whole quality windows, by the predictions' times, so that a version is held
/// against the one in use from the window after the first one in which it has its share. The version in
/// use stays that until it has fewer; then the one with the most predictions takes its place, and what
/// was known of others beside it is given up. A version that was in use is never new again.
///
/// However many versions come, all verdicts together have the risk that the monitor states: the k-th
/// one that is found has the part `1/(k(k + 1))` of it, and these parts sum to 1.
///
/// Its 9 properties are what is asked, which version is which, and what is counted of the window.
struct FoundVersions: Sendable {
  /// What is asked of each version.
  private let specification: CanarySpecification
  /// The least share of a version that counts.
  private let share: Double
  /// The length of a quality window, in nanoseconds.
  private let length: Int64
  /// The version in use; `nil` before the first window is over.
  private(set) var stable: String?
  /// The versions that are held against it, each with its number among all that were found.
  private var watched: [(name: String, number: Int)] = []
  /// The number of the window that is counted.
  private var window: Int64?
  /// Its predictions by version.
  private var counts: [String: Int] = [:]
  /// Versions that were in use, the latest last.
  private var former: [String] = []
  /// How many versions were found so far.
  private var found = 0

  /// The most versions in use that are remembered.
  static let formerLimit = 64

  /// `nil` where the monitor names its versions.
  init?(_ specification: CanarySpecification, _ quality: QualitySpecification) {
    guard let share = specification.share else { return nil }
    self.specification = specification
    self.share = share
    length = quality.window.nanoseconds
  }

  /// Counts a prediction.
  ///
  /// - Parameters:
  ///   - version: The version's name; `nil` without one.
  ///   - time: Its time, in nanoseconds since 1970; they do not decrease.
  /// - Returns: The versions that are watched from now on; `nil` where they are as before.
  mutating func insert(_ version: String?, at time: Int64) -> [String]? {
    let number = floorDivide(time, length)
    var changed: [String]?
    if let window, number > window {
      changed = decide()
      counts = [:]
    }
    window = max(window ?? number, number)
    if let version { counts[version, default: 0] += 1 }
    return changed
  }

  /// Says which versions are which after a window.
  private mutating func decide() -> [String]? {
    let least = share * Double(counts.values.reduce(0, +))
    let ranked = counts.filter { Double($0.value) >= least }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let first = ranked.first else { return nil }
    let before = (stable, names)
    if stable == nil || !ranked.contains(where: { $0.key == stable }) {
      if let stable { former = Array((former + [stable]).suffix(Self.formerLimit)) }
      stable = first.key
      watched = []
    }
    for (name, _) in ranked where name != stable && !former.contains(name) {
      guard !watched.contains(where: { $0.name == name }) else { continue }
      if watched.count == CanarySpecification.canariesLimit {
        // A version that nobody uses any more makes room.
        guard let gone = watched.firstIndex(where: { counts[$0.name] == nil }) else { break }
        watched.remove(at: gone)
      }
      found += 1
      watched.append((name, found))
    }
    return (stable, names) == before ? nil : names
  }

  /// What is asked of a version that is watched; `nil` of any other.
  func specification(of name: String) -> CanarySpecification? {
    guard let stable, let number = watched.first(where: { $0.name == name })?.number else {
      return nil
    }
    var own = specification
    own.stable = stable
    own.canaries = [name]
    own.riskShare = 1 / (Double(number) * Double(number + 1))
    return own
  }

  /// The versions that are watched.
  var names: [String] { watched.map(\.name) }
}

extension FoundVersions {
  private var definition: String {
    "\(share) \(length) \(specification.margin) \(specification.bound) \(specification.risk) "
      + "\(specification.pairs) \(specification.measures.map(\.rawValue).joined(separator: " "))"
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(definition)
    writer.write(stable)
    writer.write(varint: UInt64(watched.count))
    for (name, number) in watched {
      writer.write(name)
      writer.write(varint: UInt64(number))
    }
    writer.write(window)
    writer.write(varint: UInt64(counts.count))
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(varint: UInt64(count))
    }
    writer.write(varint: UInt64(former.count))
    for name in former { writer.write(name) }
    writer.write(varint: UInt64(found))
  }

  /// Takes over what was written, where the same is asked.
  ///
  /// - Parameter kept: What was written.
  /// - Returns: Whether it was the same.
  mutating func take(_ kept: KeptVersions) -> Bool {
    guard kept.definition == definition else { return false }
    (stable, watched, window) = (kept.stable, kept.watched, kept.window)
    (counts, former, found) = (kept.counts, kept.former, kept.found)
    return true
  }
}

/// What was written of versions that are found.
struct KeptVersions {
  let definition: String
  let stable: String?
  private(set) var watched: [(name: String, number: Int)] = []
  let window: Int64?
  private(set) var counts: [String: Int] = [:]
  private(set) var former: [String] = []
  let found: Int

  /// The most versions that a window may have: as many as the dimension of versions, and more.
  private static let versionsLimit = 1 << 20

  init(from reader: inout ByteReader) throws(CodingError) {
    definition = try reader.read()
    stable = try reader.read()
    for _ in 0..<(try reader.readCount(limit: CanarySpecification.canariesLimit)) {
      let name: String = try reader.read()
      watched.append((name, try reader.readCount(limit: .max)))
    }
    window = try reader.read()
    for _ in 0..<(try reader.readCount(limit: Self.versionsLimit)) {
      let name: String = try reader.read()
      counts[name] = try reader.readCount(limit: .max)
    }
    for _ in 0..<(try reader.readCount(limit: FoundVersions.formerLimit)) {
      former.append(try reader.read())
    }
    found = try reader.readCount(limit: .max)
  }
}
