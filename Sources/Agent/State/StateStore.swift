internal import Connectors
internal import Events
internal import Glibc
internal import Sketches

/// The state folder of an agent: held by one process at a time, its content replaced as a whole.
///
///     FOLDER/lock    whoever holds it owns the folder
///     FOLDER/pending.live   predictions that wait on the disk, of the process that runs
///     FOLDER/pending.7      as they stood when the state was written: it names the number
///     FOLDER/state.copy     the same as the state, or the one before it
///     FOLDER/NAME/   the predictions, one folder for each monitor, where several are watched
///     FOLDER/state   │ "leewayS\n" │ format: varint │ length: fixed64 │ content │ XXH3: fixed64 │
///
/// The content is all monitors', one after the other: they go on from the same place in each stream.
/// Behind them are the agent's own alerts, and the records that are written in transactions.
///
/// A state is written beside the old one, handed to the disk, and renamed: after any end of the
/// process or of the machine there is the one or the other. Then its copy is written in the same
/// way: where the disk damages the state, the copy is taken.
struct StateStore: ~Copyable {
  /// The folder.
  let folder: String
  private let lock: Int32

  /// The format that is written.
  static let formatVersion = AgentState.formats.upperBound
  private static let magic = Array("leewayS\n".utf8)

  /// The file of the state.
  var file: String { Self.files(of: folder)[0] }
  /// The file of its copy.
  private var copy: String { Self.files(of: folder)[1] }

  /// The files of a folder that hold its state: that and its copy.
  static func files(of folder: String) -> [String] {
    [folder + "/state", folder + "/state.copy"]
  }

  /// Opens a folder, which is made where there is none, and holds it.
  ///
  /// - Parameter folder: Its path.
  /// - Throws: `StateError.stream` where it cannot be made, `held` where another process has it.
  init(folder: String) throws(StateError) {
    self.folder = folder
    do {
      try makeFolder(at: folder)
    } catch {
      throw .stream(error)
    }
    let path = folder + "/lock"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .stream(.cannotOpen(path: path, errno: errno)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      _ = close(descriptor)
      throw .held(folder: folder)
    }
    lock = descriptor
  }

  deinit { _ = close(lock) }

  /// The state that is there; `nil` where none is.
  ///
  /// Who removes the state begins anew, whatever its copy says.
  ///
  /// - Returns: The state, and in words why its copy was taken; `nil` where that was not needed.
  /// - Throws: `StateError.damaged` where neither is one, or one of another version.
  func load() throws(StateError) -> (state: AgentState, note: String?)? {
    do {
      guard let state = try Self.read(file) else { return nil }
      return (state, nil)
    } catch {
      if case .stream = error { throw error }
      guard let state = try? Self.read(copy) else { throw error }
      return (state, "\(file): damaged: its copy, \(copy), is taken instead")
    }
  }

  /// The state in a file; nobody need hold its folder.
  ///
  /// - Parameter file: The state or its copy.
  /// - Returns: The state; `nil` where there is no such file.
  /// - Throws: As `load`.
  static func read(_ file: String) throws(StateError) -> AgentState? {
    guard let bytes = try contents(of: file) else { return nil }
    guard bytes.starts(with: magic) else { throw .notAState(path: file) }
    var reader = ByteReader(Array(bytes.dropFirst(magic.count)))
    guard let version = try? reader.readVarint(), let length = try? reader.readFixed64() else {
      throw .damaged(path: file)
    }
    let format = Int(clamping: version)
    guard AgentState.formats.contains(format) else { throw .otherVersion(path: file, format) }
    guard let length = Int(exactly: length), length == reader.remaining - 8 else {
      throw .damaged(path: file)
    }
    let content = Array(bytes[(bytes.count - length - 8)..<(bytes.count - 8)])
    var tail = ByteReader(Array(bytes.suffix(8)))
    guard let hash = try? tail.readFixed64(), hash == StableHash.hash(content.span),
      let state = try? AgentState(decoding: content, format: format)
    else { throw .damaged(path: file) }
    return state
  }

  /// The bytes of the file; `nil` where there is none.
  private static func contents(of file: String) throws(StateError) -> [UInt8]? {
    do {
      return try ByteSource.contents(of: file)
    } catch .cannotOpen(_, ENOENT) {
      return nil
    } catch {
      throw .stream(error)
    }
  }

  /// Whether a process holds a folder.
  static func isHeld(_ folder: String) -> Bool {
    let descriptor = unsafe open(folder + "/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { _ = close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// Replaces the state.
  ///
  /// - Parameter state: What is kept.
  /// - Throws: `StateError.stream` where it or its copy cannot be written; the old one is there still.
  func save(_ state: AgentState) throws(StateError) { _ = try Self.save(state, in: folder) }

  /// Replaces the state of a folder that the caller holds.
  ///
  /// - Parameters:
  ///   - state: What is kept.
  ///   - folder: The folder.
  /// - Returns: The bytes of its file.
  /// - Throws: As above.
  static func save(_ state: AgentState, in folder: String) throws(StateError) -> Int {
    let content = state.encoded()
    var writer = ByteWriter(reservingCapacity: content.count + 32)
    writer.write(raw: Self.magic)
    writer.write(varint: UInt64(Self.formatVersion))
    writer.write(fixed64: UInt64(content.count))
    writer.write(raw: content)
    writer.write(fixed64: StableHash.hash(content.span))
    let files = files(of: folder)
    do {
      for place in files {
        let part = files[0] + ".part"
        try OutputStream.replace(place, with: writer.bytes, by: part, reachesDisk: true)
      }
    } catch {
      throw .stream(error)
    }
    return writer.bytes.count
  }
}
