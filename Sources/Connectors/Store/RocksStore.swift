internal import CRocksDB
internal import Glibc

/// Rows of bytes under keys of 64 bits, in their order, in a folder on the disk (RocksDB).
///
/// - **Guarantee**: what is read is what was written: each block has a checksum, and a row that
///   cannot be read is empty. Nothing is logged beforehand, so that a folder which nobody closed
///   is of no use; what is to outlive the process is a copy, which is whole or is not there.
/// - **Memory**: two buffers of `RocksSettings.bufferBytes` and a cache of `cacheBytes`.
@safe package final class RocksStore {
  private let settings: RocksSettings
  private let database: OpaquePointer
  private let family: OpaquePointer
  private let folder: String

  /// Rows one behind the other, and where each ends.
  ///
  /// An empty one is not there, or is damaged.
  package typealias Rows = (bytes: [UInt8], ends: [Int])

  /// How many rows are asked for at a time.
  private static let readBatch = 1_024

  /// Opens a folder.
  ///
  /// - Parameters:
  ///   - folder: Its path.
  ///   - isReadOnly: Whether nothing of it is changed; else it is made where it is not there.
  /// - Throws: `StreamError.store`.
  package init(_ folder: String, isReadOnly: Bool = false) throws(StreamError) {
    guard let settings = RocksSettings(creates: !isReadOnly) else {
      throw .store(folder: folder, reason: "out of memory")
    }
    var family: OpaquePointer?
    let opened = try unsafe Self.checked(folder) { error in
      unsafe "default".withCString { name in
        var names: UnsafePointer<CChar>? = unsafe name
        var options: OpaquePointer? = unsafe settings.options
        return isReadOnly
          ? unsafe rocksdb_open_for_read_only_column_families(
            settings.options,
            folder,
            1,
            &names,
            &options,
            &family,
            0,
            error
          )
          : unsafe rocksdb_open_column_families(
            settings.options,
            folder,
            1,
            &names,
            &options,
            &family,
            error
          )
      }
    }
    guard let database = unsafe opened, let handle = unsafe family else {
      throw .store(folder: folder, reason: "it did not open")
    }
    self.folder = folder
    self.settings = settings
    unsafe self.database = database
    unsafe self.family = handle
  }

  deinit {
    unsafe rocksdb_column_family_handle_destroy(family)
    unsafe rocksdb_close(database)
  }

  /// Puts rows in, all or none.
  ///
  /// - Parameters:
  ///   - keys: Their keys, each once.
  ///   - rows: The rows; none is empty.
  /// - Throws: `StreamError.store`, such as of a full disk.
  package func put(_ keys: [UInt64], _ rows: Rows) throws(StreamError) {
    guard let batch = unsafe rocksdb_writebatch_create() else {
      throw .store(folder: folder, reason: "out of memory")
    }
    defer { unsafe rocksdb_writebatch_destroy(batch) }
    unsafe rows.bytes.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return }
      let start = unsafe first.assumingMemoryBound(to: CChar.self)
      var from = 0
      for (key, end) in zip(keys, rows.ends) {
        unsafe Self.withBytes(of: key) { key in
          unsafe rocksdb_writebatch_put(batch, key, 8, start + from, end - from)
        }
        from = end
      }
    }
    try unsafe Self.checked(folder) { error in
      unsafe rocksdb_write(database, settings.writing, batch, error)
    }
  }

  /// Removes the rows of a range of keys.
  ///
  /// - Throws: `StreamError.store`.
  package func remove(_ keys: Range<UInt64>) throws(StreamError) {
    try unsafe Self.checked(folder) { error in
      unsafe Self.withBytes(of: keys.lowerBound) { from in
        unsafe Self.withBytes(of: keys.upperBound) { to in
          // Files that hold nothing else are gone at once.
          unsafe rocksdb_delete_file_in_range(database, from, 8, to, 8, error)
          guard unsafe error.pointee == nil else { return }
          unsafe rocksdb_delete_range_cf(database, settings.writing, family, from, 8, to, 8, error)
        }
      }
    }
  }

  /// The rows of some keys.
  ///
  /// - Parameter keys: The keys, increasing.
  /// - Returns: A row for each key.
  package func rows(_ keys: [UInt64]) -> Rows {
    var rows: Rows = ([], [])
    rows.ends.reserveCapacity(keys.count)
    var first = 0
    while first < keys.count {
      let next = min(first + Self.readBatch, keys.count)
      read(keys[first..<next], &rows)
      first = next
    }
    return rows
  }

  private func read(_ keys: ArraySlice<UInt64>, _ rows: inout Rows) {
    let names = keys.map(\.bigEndian)
    let lengths = [Int](repeating: 8, count: names.count)
    var values = unsafe [OpaquePointer?](repeating: nil, count: names.count)
    var errors = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: names.count)
    unsafe names.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return }
      let start = unsafe first.assumingMemoryBound(to: CChar.self)
      let places = unsafe names.indices.map { unsafe UnsafePointer?(start + 8 * $0) }
      unsafe rocksdb_batched_multi_get_cf(
        database,
        settings.reading,
        family,
        names.count,
        places,
        lengths,
        &values,
        &errors,
        true
      )
    }
    for place in names.indices {
      if let error = unsafe errors[place] { unsafe rocksdb_free(error) }
      if let value = unsafe values[place] {
        var count = 0
        if let start = unsafe rocksdb_pinnableslice_value(value, &count) {
          unsafe rows.bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: start, count: count)
          )
        }
        unsafe rocksdb_pinnableslice_destroy(value)
      }
      rows.ends.append(rows.bytes.count)
    }
  }

  /// The rows of all keys of a range.
  ///
  /// - Parameter keys: The keys.
  /// - Returns: A row for each key. Behind a block that is damaged each key is asked for on its own.
  package func rows(_ keys: Range<UInt64>) -> Rows {
    var rows: Rows = ([], [])
    rows.ends.reserveCapacity(keys.count)
    var next = keys.lowerBound
    guard let cursor = unsafe rocksdb_create_iterator_cf(database, settings.passing, family) else {
      return self.rows(Array(keys))
    }
    defer { unsafe rocksdb_iter_destroy(cursor) }
    unsafe Self.withBytes(of: next) { unsafe rocksdb_iter_seek(cursor, $0, 8) }
    while unsafe rocksdb_iter_valid(cursor) != 0 {
      guard let key = unsafe Self.key(at: cursor), key < keys.upperBound else { break }
      while next < key {
        rows.ends.append(rows.bytes.count)
        next += 1
      }
      var count = 0
      if let start = unsafe rocksdb_iter_value(cursor, &count) {
        unsafe rows.bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
      }
      rows.ends.append(rows.bytes.count)
      next += 1
      unsafe rocksdb_iter_next(cursor)
    }
    guard next < keys.upperBound else { return rows }
    let rest = self.rows(Array(next..<keys.upperBound))
    let before = rows.bytes.count
    rows.bytes += rest.bytes
    rows.ends += rest.ends.map { before + $0 }
    return rows
  }

  /// Makes a copy that outlives the process: a folder of its own, whose files are links.
  ///
  /// - Parameter other: The folder, which is not there yet.
  /// - Throws: `StreamError.store`.
  package func copy(to other: String) throws(StreamError) {
    let made = try unsafe Self.checked(folder) { error in
      unsafe rocksdb_checkpoint_object_create(database, error)
    }
    guard let copier = unsafe made else { throw .store(folder: other, reason: "out of memory") }
    defer { unsafe rocksdb_checkpoint_object_destroy(copier) }
    try unsafe Self.checked(other) { error in
      unsafe rocksdb_checkpoint_create(copier, other, 0, error)
    }
  }

  /// Removes a folder with all that a store keeps in it; one that another process has open stays.
  package static func remove(_ folder: String) {
    guard let settings = RocksSettings(creates: false) else { return }
    var error: UnsafeMutablePointer<CChar>?
    unsafe rocksdb_destroy_db(settings.options, folder, &error)
    if let error = unsafe error {
      unsafe rocksdb_free(error)
      return
    }
    // What a repair could make nothing of.
    let lost = folder + "/lost"
    for name in names(in: lost) ?? [] where !name.hasPrefix(".") {
      _ = unsafe unlink("\(lost)/\(name)")
    }
    _ = unsafe rmdir(lost)
    _ = unsafe rmdir(folder)
  }

  /// Makes of a folder's files what can be made of them, where its list of them is damaged.
  ///
  /// - Throws: `StreamError.store` where nothing can.
  package static func repair(_ folder: String) throws(StreamError) {
    guard let settings = RocksSettings(creates: false) else {
      throw .store(folder: folder, reason: "out of memory")
    }
    try unsafe checked(folder) { unsafe rocksdb_repair_db(settings.options, folder, $0) }
  }
}

extension RocksStore {
  private typealias Failure = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// Calls the library, and throws what it says went wrong.
  @discardableResult
  private static func checked<R>(
    _ folder: String,
    _ body: (Failure) -> R
  ) throws(StreamError) -> R {
    var error: UnsafeMutablePointer<CChar>?
    let result = unsafe body(&error)
    guard let words = unsafe error else { return result }
    defer { unsafe rocksdb_free(words) }
    throw .store(folder: folder, reason: unsafe String(cString: words))
  }

  /// A key as the store orders it: its highest byte first.
  private static func withBytes(of key: UInt64, _ body: (UnsafePointer<CChar>) -> Void) {
    unsafe withUnsafeBytes(of: key.bigEndian) { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe body(start.assumingMemoryBound(to: CChar.self))
    }
  }

  private static func key(at cursor: OpaquePointer) -> UInt64? {
    var count = 0
    guard let start = unsafe rocksdb_iter_key(cursor, &count), count == 8 else { return nil }
    let bytes = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
    return UInt64(bigEndian: bytes)
  }
}
