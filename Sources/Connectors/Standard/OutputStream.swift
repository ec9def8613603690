/// Bytes out to a file or standard output, in large writes.
///
/// Errors name the file; nothing is written twice.
public struct OutputStream: ~Copyable {
  /// The path as the user gave it; `-` is standard output.
  public let name: String
  /// Bytes handed over so far.
  public private(set) var writtenBytes = 0

  private let file: FileDescriptor
  private var buffer: [UInt8] = []
  private var compressor: GzipCompressor?

  /// How many bytes are collected before they are written.
  static let capacity = 1 << 18

  /// Creates or empties a file.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for standard output.
  ///   - compresses: Whether the bytes are packed by gzip; `finish` must be called then.
  /// - Throws: `StreamError.cannotOpen`.
  public init(path: String, compresses: Bool = false) throws(StreamError) {
    let opened = try FileDescriptor(writing: path)
    var packer: GzipCompressor?
    if compresses { packer = try GzipCompressor() }
    file = opened
    compressor = packer
    name = path
  }

  /// Appends bytes; they reach the file when the buffer is full or `flush` is called.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ bytes: some Collection<UInt8>) throws(StreamError) {
    buffer.append(contentsOf: bytes)
    writtenBytes += bytes.count
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes what is collected.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush() throws(StreamError) {
    try hand(isLast: false)
  }

  /// Writes what is collected and ends a compressed file.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func finish() throws(StreamError) {
    try hand(isLast: true)
  }

  private mutating func hand(isLast: Bool) throws(StreamError) {
    if compressor != nil {
      var packed: [UInt8] = []
      compressor?.compress(buffer, isLast: isLast, into: &packed)
      buffer = packed
    }
    guard !buffer.isEmpty else { return }
    let code = unsafe buffer.withUnsafeBytes { unsafe file.write($0) }
    buffer.removeAll(keepingCapacity: true)
    guard code == 0 else { throw .cannotWrite(name: name, errno: code) }
  }

  /// Replaces a file as a whole: after any end of the process or the machine there is the old
  /// content or the new.
  ///
  /// - Parameters:
  ///   - path: The file; it need not be there.
  ///   - bytes: Its new content.
  ///   - beside: A file of the same folder that is overwritten on the way.
  /// - Throws: `StreamError`; the old content is there still.
  package static func replace(
    _ path: String,
    with bytes: [UInt8],
    by beside: String
  ) throws(StreamError) {
    var stream = try OutputStream(path: beside)
    try stream.write(bytes)
    try stream.flush()
    var code = stream.file.sync()
    guard code == 0 else { throw .cannotWrite(name: beside, errno: code) }
    code = FileDescriptor.rename(beside, to: path)
    guard code == 0 else { throw .cannotWrite(name: path, errno: code) }
  }
}
