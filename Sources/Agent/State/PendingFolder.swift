internal import Connectors
internal import Glibc
internal import Monitoring
internal import Specification

/// The folder in which predictions wait that memory has no room for.
///
/// It is made when the first one comes, and removed with its owner. A process that ends otherwise
/// leaves it; whoever makes the next one at the same place removes it.
final class PendingFolder: PendingStore, @unchecked Sendable {
  // Unchecked: only the thread that drives the pipeline reaches it, between rounds.

  /// Where the folder is.
  private enum Place {
    /// In a state folder, whose owner holds a lock.
    case state(String)
    /// In the folder of temporary files.
    case temporary
    /// A copy that an earlier process made, which is only read.
    case copy(String)
  }

  private let place: Place
  private var store: RocksStore?
  private var path: String?
  /// What went wrong first when rows were put in; `nil` where nothing did.
  private(set) var failure: StreamError?

  /// A place for the predictions of a plan; `nil` where none may wait on the disk.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - folder: The state folder; `nil` for a temporary one.
  init?(_ plan: Plan, in folder: String?) {
    guard plan.monitor.outcome != nil, plan.monitor.limits.spilled > 0 else { return nil }
    place = folder.map { .state($0) } ?? .temporary
  }

  /// A copy in a state folder.
  init(copy number: Int, of folder: String) {
    place = .copy(Self.copyPath(number, of: folder))
  }

  deinit {
    store = nil
    if let path { RocksStore.remove(path) }
  }

  private static func copyPath(_ number: Int, of folder: String) -> String {
    "\(folder)/\(copyPrefix)\(number)"
  }

  private static let copyPrefix = "pending."
  private static let liveName = "pending.live"
  private static let temporaryPrefix = "leeway-pending-"

  // MARK: Rows

  func put(_ keys: [UInt64], _ rows: PendingStore.Rows) -> Bool {
    attempt { store throws(StreamError) in try store.put(keys, rows) }
  }

  func rows(_ keys: [UInt64]) -> PendingStore.Rows {
    readable?.rows(keys) ?? ([], Array(repeating: 0, count: keys.count))
  }

  func rows(_ keys: Range<UInt64>) -> PendingStore.Rows {
    readable?.rows(keys) ?? ([], Array(repeating: 0, count: keys.count))
  }

  func remove(_ keys: Range<UInt64>) {
    _ = attempt { store throws(StreamError) in try store.remove(keys) }
  }

  /// Changes the store; what goes wrong first is kept.
  private func attempt(_ body: (RocksStore) throws(StreamError) -> Void) -> Bool {
    guard failure == nil else { return false }
    do {
      try body(writable())
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// The store, which is made where it is not there yet.
  private func writable() throws(StreamError) -> RocksStore {
    if let store { return store }
    let made: String
    switch place {
    case .copy(let path): throw .store(folder: path, reason: "it is only read")
    case .state(let folder):
      made = "\(folder)/\(Self.liveName)"
      // What another process left there belongs to no state.
      RocksStore.remove(made)
    case .temporary: made = try Self.temporaryFolder()
    }
    path = made
    let opened = try RocksStore(made)
    store = opened
    return opened
  }

  /// The store that rows are read from; `nil` where there is none, or nothing can be made of it.
  private var readable: RocksStore? {
    guard store == nil, case .copy(let path) = place else { return store }
    store = try? RocksStore(path, isReadOnly: true)
    if store == nil, (try? RocksStore.repair(path)) != nil {
      store = try? RocksStore(path, isReadOnly: true)
    }
    return store
  }

  private static func temporaryFolder() throws(StreamError) -> String {
    let parent = SpillFile.folder
    // Those that a process left which was killed; what another one has open stays.
    for name in names(in: parent) ?? [] where name.hasPrefix(temporaryPrefix) {
      RocksStore.remove("\(parent)/\(name)")
    }
    let letters = String(repeating: "X", count: 6)
    var template = Array("\(parent)/\(temporaryPrefix)\(letters)".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw .cannotOpen(path: parent, errno: errno)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: Copies

  /// Makes a copy in the state folder; a part of one that is there gives way.
  ///
  /// - Throws: `StreamError.store`, or what went wrong before.
  func copy(_ number: Int) throws(StreamError) {
    if let failure { throw failure }
    guard case .state(let folder) = place, let store else { return }
    let path = Self.copyPath(number, of: folder)
    for left in [path, path + ".tmp"] { RocksStore.remove(left) }
    try store.copy(to: path)
  }

  /// Removes the copies that no state names.
  static func removeCopies(of folder: String, except number: Int?) {
    let kept = number.map { "\(copyPrefix)\($0)" }
    for name in names(in: folder) ?? [] where name.hasPrefix(copyPrefix) {
      guard name != kept, name != liveName else { continue }
      RocksStore.remove("\(folder)/\(name)")
    }
  }
}
