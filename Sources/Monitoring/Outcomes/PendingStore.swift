internal import Sketches

/// Where predictions wait that memory has no room for: rows of bytes under keys, such as on a disk.
///
/// The engine crosses it once a pane: it asks for the rows that the pane may meet, and puts those
/// that changed. Rows stand one behind the other; an empty one is not there, or is damaged.
public protocol PendingStore: AnyObject, Sendable {
  /// Rows one behind the other: where each ends.
  typealias Rows = (bytes: [UInt8], ends: [Int])

  /// Puts rows in, all or none.
  ///
  /// - Parameters:
  ///   - keys: Their keys, increasing.
  ///   - rows: The rows.
  /// - Returns: Whether it could. Where it could not nothing that follows is to be handed out.
  func put(_ keys: [UInt64], _ rows: Rows) -> Bool

  /// The rows of some keys, increasing.
  func rows(_ keys: [UInt64]) -> Rows

  /// The rows of all keys of a range.
  func rows(_ keys: Range<UInt64>) -> Rows

  /// Removes the rows of a range of keys.
  func remove(_ keys: Range<UInt64>)
}

/// The predictions that wait in a store.
struct SpilledPredictions: Sendable {
  let store: any PendingStore
  /// How many predictions memory has room for.
  let memory: Int
  /// The rows that the pane at hand may meet.
  var fetched: [IDIndex.Place: StoredRow] = [:]

  /// How many rows are asked for or put at a time.
  static let batch = 4_096
}

/// A prediction that waits in a store, with all that a window keeps of it.
struct StoredRow: Sendable {
  var row: JoinedRow
  /// What is kept beside it; nothing where its place of it is −1.
  var payload: [UInt8]
  /// The features that are held against the outcome by themselves.
  var traits: [Float]
  /// What was said of it, where it matters who says it.
  var ballots: Ballots
  /// Whether anything was said since it was read.
  var isChanged = false

  init(row: JoinedRow, payload: [UInt8], traits: [Float], ballots: Ballots) {
    self.row = row
    self.payload = payload
    self.traits = traits
    self.ballots = ballots
  }

  /// Reads a row; `nil` of anything else.
  ///
  /// - Parameters:
  ///   - bytes: Rows, one behind the other.
  ///   - range: Where this one stands.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    guard !range.isEmpty else { return nil }
    var reader = ByteReader(Array(bytes[range]))
    guard let row = try? JoinedRow(from: &reader) else { return nil }
    self.row = row
    (payload, traits) = ([], [])
    if row.prediction.payload >= 0 {
      guard let kept = try? reader.readBytes(), let values = try? reader.readTraits(of: 1) else {
        return nil
      }
      (payload, traits) = (kept, values)
    }
    guard let ballots = try? Ballots(from: &reader), reader.remaining == 0 else { return nil }
    self.ballots = ballots
  }

  /// Writes the row behind others.
  func encode(into writer: inout ByteWriter) {
    var row = row
    if row.prediction.payload >= 0 { row.prediction.payload = 0 }
    row.encode(into: &writer)
    if row.prediction.payload >= 0 {
      writer.write(bytes: payload)
      writer.write(traits: traits)
    }
    ballots.encode(into: &writer)
  }
}

/// Rows on their way into a store.
struct RowBatch {
  private(set) var keys: [UInt64] = []
  private var writer = ByteWriter()
  private var ends: [Int] = []

  var count: Int { keys.count }

  mutating func append(_ key: UInt64, _ row: StoredRow) {
    row.encode(into: &writer)
    keys.append(key)
    ends.append(writer.bytes.count)
  }

  /// Puts the rows into a store.
  ///
  /// - Returns: Whether it could.
  mutating func put(into store: any PendingStore) -> Bool {
    guard !keys.isEmpty else { return true }
    defer { self = RowBatch() }
    return store.put(keys, (writer.bytes, ends))
  }
}

extension IDIndex.Place {
  /// The key of the row in a store: windows in their order, and each one's rows in theirs.
  var key: UInt64 { Self.key(window: Int(window), row: Int(row)) }

  static func key(window: Int, row: Int) -> UInt64 {
    UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: window)) ^ 0x8000_0000) << 32
      | UInt64(row)
  }
}
