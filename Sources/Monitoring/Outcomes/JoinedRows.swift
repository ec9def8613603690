internal import Events
internal import Sketches

/// The id of a prediction, as two hashes of it that are the same everywhere.
///
/// Of ten million ids two have the same hashes with a probability of 10⁻²⁵.
struct EventID: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  /// The id in a cell of tokens; `nil` where that is no scalar.
  ///
  /// Text and number are the same id where they read the same: `"17"` and `17`.
  init?(_ cell: Cell, in chunk: UnsafeRawBufferPointer) {
    guard let reference = cell.reference else { return nil }
    let bytes = unsafe reference.bytes(in: chunk)
    if !reference.isEscaped, unsafe reference.kind == .string || Self.isPlain(bytes) {
      unsafe self.init(bytes)
    } else {
      guard let canonical = unsafe canonicalBytes(of: cell, in: chunk) else { return nil }
      self = unsafe canonical.withUnsafeBytes { unsafe EventID($0) }
    }
  }

  /// An id of two hashes.
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The id of a group as rows have it: 53 bits of the hash, so that it is a whole number.
  var groupCode: Double { Double(high >> 11) }

  private init(_ bytes: UnsafeRawBufferPointer) {
    high = unsafe StableHash.hash(bytes)
    low = unsafe StableHash.hash(bytes, seed: 0x6C65_6577_6179_6964)
  }

  /// The hash of a version's name, as rows have it; never 0.
  static func versionHash(of name: String) -> UInt64 {
    max(StableHash.hash(Array(name.utf8).span), 1)
  }

  /// The hash of a row's version, by its column; 0 where there is none.
  static func versionHash(
    _ slot: Int?,
    _ row: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> UInt64 {
    guard let slot, let id = unsafe EventID(columns.cell(slot: slot, row: row), in: chunk) else {
      return 0
    }
    return max(id.high, 1)
  }

  /// Whether a number is digits alone, so that it is written as it is.
  private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= 20, let first = unsafe bytes.first else { return false }
    guard unsafe bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    return first != 0x30 || bytes.count == 1
  }
}

extension EventID: Comparable {
  static func < (left: EventID, right: EventID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// What is known of one prediction when its outcome comes.
struct PredictionRow: Sendable, Equatable {
  let id: EventID
  /// The hash of the version's name; 0 without one.
  let version: UInt64
  /// In nanoseconds since 1970.
  let time: Int64
  /// The score; a NaN without one.
  var score: Double
  /// 1 where the decision is positive, 0 where it is negative; of several classes the code of the one
  /// that was decided, of a ranking that of the group; a NaN without one.
  var decision: Double
  /// What baselines decide: two bits each, whether it is known and whether it is positive.
  var baselines: UInt8 = 0
  /// What is kept beside it, as a place in the list of that: what may leave of it, or the scores of
  /// several classes; −1 where nothing is.
  var payload: Int32 = -1
  /// Its segments' and version's values, as a place in the list of keys beside it.
  var key: Int32

  /// Whether a baseline decides positively; `nil` where that is not known.
  func decision(ofBaseline index: Int) -> Bool? {
    let bits = baselines >> (2 * UInt8(index))
    return bits & 1 == 0 ? nil : bits & 2 != 0
  }
}

extension PredictionRow: Comparable {
  /// The order in which predictions are joined; equal ones are alike in all that is said of them.
  static func < (left: PredictionRow, right: PredictionRow) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.id != right.id { return left.id < right.id }
    if left.version != right.version { return left.version < right.version }
    let (one, other) = (left.score.bitPattern, right.score.bitPattern)
    if one != other { return one < other }
    if left.decision != right.decision {
      return left.decision.bitPattern < right.decision.bitPattern
    }
    if left.baselines != right.baselines { return left.baselines < right.baselines }
    return left.key < right.key
  }
}

/// An outcome as it came.
struct OutcomeRow: Sendable, Equatable {
  let id: EventID
  /// The hash of the version that it is of; 0 where it is of every version's.
  let version: UInt64
  /// When it was known, in nanoseconds since 1970.
  let time: Int64
  /// 1 or 0 of two classes, the code of one of several, else the number; 0 where the answer was skipped.
  let label: Double
  /// Who says it.
  var voice = Voice.none
}

extension OutcomeRow: Comparable {
  static func < (left: OutcomeRow, right: OutcomeRow) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.id != right.id { return left.id < right.id }
    if left.version != right.version { return left.version < right.version }
    if left.label != right.label { return left.label < right.label }
    return left.voice.bits < right.voice.bits
  }
}

/// Keys, each once, by their places.
struct KeyNames: Sendable {
  private(set) var all: [GroupKey] = []
  private var places: [GroupKey: Int32] = [:]

  /// Some keys, each at the place where it stands first.
  init(_ keys: [GroupKey] = []) { for key in keys { _ = place(of: key) } }

  /// The place of a key, which is added where it is new.
  mutating func place(of key: GroupKey) -> Int32 {
    if let place = places[key] { return place }
    let place = Int32(all.count)
    all.append(key)
    places[key] = place
    return place
  }
}

/// What a pane of time brought for the join, whoever counted it.
struct JoinPane: Sendable {
  /// The pane's index.
  let index: Int
  private var names = KeyNames()
  /// The predictions, in any order.
  private(set) var predictions: [PredictionRow] = []
  /// The outcomes, in any order.
  private(set) var outcomes: [OutcomeRow] = []
  /// What is kept beside the predictions.
  private(set) var payloads: [[UInt8]] = []
  /// The features that are held against the outcome, as many for each payload.
  private(set) var traits: [Float] = []
  /// Predictions without an id.
  private(set) var unnamed = 0
  /// The keys of the predictions.
  var keys: [GroupKey] { names.all }

  init(index: Int) { self.index = index }

  /// The place of a key.
  mutating func place(of key: GroupKey) -> Int32 { names.place(of: key) }

  /// Takes a prediction in, with what is kept beside it.
  mutating func append(_ prediction: PredictionRow, payload: [UInt8]? = nil) {
    var prediction = prediction
    if let payload {
      prediction.payload = Int32(payloads.count)
      payloads.append(payload)
    }
    predictions.append(prediction)
  }

  /// Takes a prediction in, with its features that are held against the outcome.
  mutating func append(_ prediction: PredictionRow, payload: [UInt8], traits: [Float]) {
    append(prediction, payload: payload)
    self.traits += traits
  }

  /// Whether features are held against the outcome.
  var hasTraits: Bool { !traits.isEmpty }

  /// The features of a prediction that are held against the outcome.
  func traits(_ prediction: PredictionRow) -> ArraySlice<Float> {
    guard hasTraits, prediction.payload >= 0 else { return [] }
    let width = traits.count / payloads.count
    return traits[Int(prediction.payload) * width..<(Int(prediction.payload) + 1) * width]
  }

  mutating func append(_ outcome: OutcomeRow) { outcomes.append(outcome) }
  mutating func countUnnamed() { unnamed += 1 }

  /// Adds what another worker found of the same pane.
  mutating func merge(_ other: JoinPane) {
    let moved = other.keys.map { place(of: $0) }
    predictions.reserveCapacity(predictions.count + other.predictions.count)
    for var prediction in other.predictions {
      prediction.key = moved[Int(prediction.key)]
      if prediction.payload >= 0 { prediction.payload += Int32(payloads.count) }
      predictions.append(prediction)
    }
    payloads += other.payloads
    traits += other.traits
    outcomes += other.outcomes
    unnamed += other.unnamed
  }

  /// What is kept beside a prediction; nothing where nothing is.
  func payload(_ prediction: PredictionRow) -> [UInt8] {
    prediction.payload < 0 ? [] : payloads[Int(prediction.payload)]
  }

  /// Puts the predictions into an order that does not depend on who counted them; keys as they came.
  ///
  /// - Returns: The predictions by time, then id, then version, then all that they say.
  func sortedPredictions() -> [PredictionRow] {
    let ranks = Dictionary(uniqueKeysWithValues: zip(keys.sorted(), keys.indices))
    let places = keys.map { Int32(ranks[$0] ?? 0) }
    return predictions.sorted { left, right in
      var (one, other) = (left, right)
      (one.key, other.key) = (places[Int(left.key)], places[Int(right.key)])
      return one < other
    }
  }

  /// Puts all into the order in which it is joined.
  ///
  /// - Parameter admitted: The values of each dimension that the pane counts on their own; others
  ///   are `__other__`.
  mutating func sort(admitting admitted: [Set<DimensionValue>]) {
    let named = keys.map { key in
      GroupKey(
        values: zip(key.values, admitted).map { value, admitted in
          admitted.contains(value) ? value : .other
        }
      )
    }
    let sorted = Set(named).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
    let moved = named.map { Int32(ranks[$0] ?? 0) }
    for index in predictions.indices {
      predictions[index].key = moved[Int(predictions[index].key)]
    }
    names = KeyNames(sorted)
    if payloads.isEmpty {
      predictions.sort()
    } else {
      predictions = predictions.sorted { left, right in
        if left.time != right.time { return left.time < right.time }
        if left < right { return true }
        return !(right < left) && isKeptBefore(left, right)
      }
    }
    outcomes.sort()
  }

  /// Whether what is kept beside a prediction comes before that of one which is equal to it.
  private func isKeptBefore(_ left: PredictionRow, _ right: PredictionRow) -> Bool {
    let (one, two) = (payload(left), payload(right))
    if one != two { return one.lexicographicallyPrecedes(two) }
    let (bits, others) = (traits(left).map(\.bitPattern), traits(right).map(\.bitPattern))
    return bits.lexicographicallyPrecedes(others)
  }
}

extension EventID: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(high)
    writer.write(low)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    high = try reader.read()
    low = try reader.read()
  }
}

extension PredictionRow: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(version)
    writer.write(time)
    writer.write(score)
    writer.write(decision)
    writer.write(byte: baselines)
    writer.write(Int(payload))
    writer.write(Int(key))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    id = try reader.read()
    version = try reader.read()
    time = try reader.read()
    score = try reader.read()
    decision = try reader.read()
    baselines = try reader.readByte()
    let start = reader.offset
    guard let bytes = Int32(exactly: try reader.read() as Int), bytes >= -1 else {
      throw .invalid(offset: start)
    }
    payload = bytes
    guard let place = Int32(exactly: try reader.read() as Int), place >= 0 else {
      throw .invalid(offset: start)
    }
    key = place
  }
}

extension OutcomeRow: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(version)
    writer.write(time)
    writer.write(label)
    writer.write(voice.bits)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    id = try reader.read()
    version = try reader.read()
    time = try reader.read()
    label = try reader.read()
    voice = Voice(bits: try reader.read())
  }
}

extension JoinPane: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(keys)
    writer.write(predictions)
    writer.write(outcomes)
    writer.write(varint: UInt64(payloads.count))
    for payload in payloads { writer.write(bytes: payload) }
    writer.write(traits: traits)
    writer.write(unnamed)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    self.init(index: try reader.read())
    let start = reader.offset
    for key in try reader.read() as [GroupKey] { _ = place(of: key) }
    predictions = try reader.read()
    outcomes = try reader.read()
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      payloads.append(try reader.readBytes())
    }
    traits = try reader.readTraits(of: payloads.count)
    unnamed = try reader.read()
    guard predictions.allSatisfy({ $0.key < keys.count && $0.payload < payloads.count }) else {
      throw .invalid(offset: start)
    }
  }
}
