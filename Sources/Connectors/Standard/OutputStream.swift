/// Bytes out to a file or standard output, in large writes.
///
/// A name that ends in `.gz` or `.zst` says that they are packed. Errors name the file; nothing is
/// written twice.
public struct OutputStream: ~Copyable {
  /// What becomes of what a file holds already.
  public enum Opening: Sendable {
    /// It goes.
    case emptied
    /// It stays, but for a last line that has no end: what wrote it was stopped on the way.
    case appending
  }

  /// What is packed and not ended yet; nothing of a stream that is not packed.
  private struct PackedPart: ~Copyable {
    var packer: Packer?
    var openBytes = 0
    /// Whether the packer may hold some of them.
    var isHeldBack = false

    init(packer: consuming Packer?) { self.packer = packer }
  }

  /// The path as the user gave it; `-` is standard output.
  public let name: String
  /// Bytes handed over so far.
  public private(set) var writtenBytes = 0
  /// The bytes of the last line that had no end and was cut off when the file was opened.
  public private(set) var cutBytes = 0

  private let opening: Opening
  private var file: FileDescriptor
  private var buffer: [UInt8] = []
  private var part: PackedPart
  /// Whether the file holds nothing at all.
  private var isEmpty: Bool

  /// How many bytes are collected before they are written.
  static let capacity = 1 << 18
  /// From how many bytes on a packed part of a file that is added to is ended and another begun: what
  /// a crash leaves unended is unpacked and packed anew when the file is opened again.
  static let partBytes = 1 << 24

  /// Opens a file, or creates it; `flush` writes what its mending left to be written again.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for standard output. Where its name says that it is packed, `finish`
  ///     must be called.
  ///   - opening: What becomes of what it holds; standard output is added to as it is.
  /// - Throws: `StreamError.cannotOpen`; of a file that is added to also `cannotRead`, `cannotWrite`
  ///   and `notAppendable`.
  public init(path: String, opening: Opening = .emptied) throws(StreamError) {
    let packing = Compression(name: path)
    self.init(
      path,
      opening,
      try Packer(packing),
      // What stands in a file behind standard output is its opener's, who may not let it be read.
      try opening == .emptied || path == "-"
        ? OpenedEnd(FileDescriptor(writing: path)) : OpenedEnd.mended(path, packing)
    )
  }

  private init(
    _ path: String,
    _ opening: Opening,
    _ packer: consuming Packer?,
    _ opened: consuming OpenedEnd
  ) {
    name = path
    self.opening = opening
    part = PackedPart(packer: packer)
    cutBytes = opened.cutBytes
    buffer = opened.lines
    isEmpty = opened.isEmpty
    file = opened.takeFile()
  }

  /// Whether it is a file of the disk: neither standard output nor a pipe or a device.
  package var isRegularFile: Bool { name != "-" && file.isRegularFile }

  /// Appends bytes; they reach the file when the buffer is full or `flush` is called.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ bytes: some Collection<UInt8>) throws(StreamError) {
    buffer.append(contentsOf: bytes)
    writtenBytes += bytes.count
    if buffer.count >= Self.capacity { try hand(.more) }
  }

  /// Writes what is collected, so that whoever reads the file finds it.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush() throws(StreamError) {
    guard !buffer.isEmpty || part.isHeldBack else { return }
    let isFull = opening == .appending && part.openBytes + buffer.count >= Self.partBytes
    try hand(isFull ? .end : .all)
  }

  /// Writes what is collected and ends a packed file.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func finish() throws(StreamError) {
    guard part.packer != nil else { return try flush() }
    // An empty file is no packed one.
    if part.openBytes > 0 || !buffer.isEmpty || isEmpty { try hand(.end) }
  }

  /// Goes on in the file that has the name now: another program renamed the one that is open.
  ///
  /// What was collected goes to the old file. Where no other can be opened, the old one stays. Pipes
  /// and devices stay as they are.
  ///
  /// - Throws: `StreamError`, as opening does.
  public mutating func reopen() throws(StreamError) {
    guard isRegularFile else { return }
    try finish()
    let opened = try OpenedEnd.mended(name, Compression(name: name))
    cutBytes = opened.cutBytes
    buffer = opened.lines
    isEmpty = opened.isEmpty
    file = opened.takeFile()
    try flush()
  }

  private mutating func hand(_ flush: Packer.Flush) throws(StreamError) {
    if part.packer != nil {
      part.openBytes = flush == .end ? 0 : part.openBytes + buffer.count
      part.isHeldBack = flush == .more
      var packed: [UInt8] = []
      part.packer?.pack(buffer, flush, into: &packed)
      buffer = packed
    }
    guard !buffer.isEmpty else { return }
    isEmpty = false
    let code = unsafe buffer.withUnsafeBytes { unsafe file.write($0) }
    buffer.removeAll(keepingCapacity: true)
    guard code == 0 else { throw .cannotWrite(name: name, errno: code) }
  }

  /// Replaces a file as a whole: after any end of the process there is the old content or the
  /// new.
  ///
  /// - Parameters:
  ///   - path: The file; it need not be there.
  ///   - bytes: Its new content.
  ///   - beside: A file of the same folder that is overwritten on the way.
  ///   - reachesDisk: Whether to wait for the disk, so that this also holds of the machine's end.
  /// - Throws: `StreamError`; the old content is there still.
  package static func replace(
    _ path: String,
    with bytes: [UInt8],
    by beside: String,
    reachesDisk: Bool
  ) throws(StreamError) {
    var stream = try OutputStream(path: beside)
    try stream.write(bytes)
    try stream.flush()
    if reachesDisk {
      let code = stream.file.sync()
      guard code == 0 else { throw .cannotWrite(name: beside, errno: code) }
    }
    let code = FileDescriptor.rename(beside, to: path, reachesDisk: reachesDisk)
    guard code == 0 else { throw .cannotWrite(name: path, errno: code) }
  }
}
