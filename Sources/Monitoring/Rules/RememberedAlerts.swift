internal import Records
internal import Sketches

/// The alerts of an incident that are known again: those that a record lists, those that fire and
/// the last that ended.
struct RememberedAlerts {
  /// What is kept of an alert.
  struct Place {
    /// Its index among those that are listed.
    var listing: Int?
    var cause: AlertCause
    var signal: String?
  }

  /// The first alerts, as many as a record lists.
  private(set) var listed: [Incident.Member] = []
  /// How many came, also of those that are forgotten.
  private(set) var totalCount = 0
  private var places: [String: Place] = [:]
  /// Those that are not listed and ended, the last one at the end.
  private var ended = NameQueue()

  /// How many are remembered.
  var count: Int { places.count }

  /// What is kept of an alert; `nil` where it is none of them.
  subscript(fingerprint: String) -> Place? { places[fingerprint] }

  /// What records list of an alert; `nil` of the later ones.
  func member(_ fingerprint: String) -> Incident.Member? {
    places[fingerprint]?.listing.map { listed[$0] }
  }

  /// Takes in an alert that fires.
  ///
  /// - Returns: Whether it is none of those that are remembered.
  mutating func insert(_ member: Incident.Member) -> Bool {
    let name = member.fingerprint
    if let place = places[name] {
      if let index = place.listing {
        listed[index].endsAt = nil
        listed[index].isFlapping = listed[index].isFlapping || member.isFlapping
      }
      ended.remove(name)
      return false
    }
    totalCount += 1
    let listing = listed.count < Incident.listed ? listed.count : nil
    if listing != nil { listed.append(member) }
    places[name] = Place(listing: listing, cause: member.cause, signal: member.signal)
    return true
  }

  /// Notes that an alert ended.
  ///
  /// - Returns: What is kept of it.
  mutating func end(_ fingerprint: String, at time: Int64) -> Place? {
    guard let place = places[fingerprint] else { return nil }
    if let index = place.listing {
      listed[index].endsAt = time
    } else {
      ended.append(fingerprint)
    }
    return place
  }

  /// Forgets which they were that ended first, where they are more than a limit.
  mutating func forgetEnded(beyond limit: Int) {
    while ended.count > limit, let name = ended.popFirst() { places[name] = nil }
  }
}

/// The alerts of an incident that fire now.
struct FiringAlerts {
  /// Their fingerprints.
  private(set) var names: Set<String> = []
  /// How many of them withhold others.
  private var inhibitors = 0
  /// How many of them are about each signal.
  private var signals: [String: Int] = [:]

  var isEmpty: Bool { names.isEmpty }

  /// Whether any of them withholds others.
  var inhibit: Bool { inhibitors > 0 }

  /// Whether any of them is about a signal.
  func isAny(on signal: String) -> Bool { signals[signal] != nil }

  /// Takes in an alert that may be among them.
  mutating func insert(_ fingerprint: String, _ place: RememberedAlerts.Place?) {
    guard names.insert(fingerprint).inserted, let place else { return }
    if place.cause.inhibits { inhibitors += 1 }
    if let signal = place.signal { signals[signal, default: 0] += 1 }
  }

  /// Lets an alert go that may be among them.
  mutating func remove(_ fingerprint: String, _ place: RememberedAlerts.Place?) {
    guard names.remove(fingerprint) != nil, let place else { return }
    if place.cause.inhibits { inhibitors -= 1 }
    guard let signal = place.signal else { return }
    let left = (signals[signal] ?? 0) - 1
    signals[signal] = left > 0 ? left : nil
  }
}

extension RememberedAlerts: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(listed)
    writer.write(varint: UInt64(totalCount))
    writer.write(places)
    writer.write(ended)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    listed = try reader.read()
    totalCount = try reader.readCount(limit: AlertTally.countMax)
    let start = reader.offset
    places = try reader.read()
    guard places.values.allSatisfy({ $0.listing.map(listed.indices.contains) ?? true }) else {
      throw .invalid(offset: start)
    }
    ended = try reader.read()
  }
}

extension RememberedAlerts.Place: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(listing)
    writer.write(cause)
    writer.write(signal)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    listing = try reader.read()
    cause = try reader.read()
    signal = try reader.read()
  }
}
