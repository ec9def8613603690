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

  /// How many bytes are collected before they are written.
  static let capacity = 1 << 18

  /// Creates or empties a file.
  ///
  /// - Parameter path: A file, or `-` for standard output.
  /// - Throws: `StreamError.cannotOpen`.
  public init(path: String) throws(StreamError) {
    file = try FileDescriptor(writing: path)
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
    guard !buffer.isEmpty else { return }
    let code = unsafe buffer.withUnsafeBytes { unsafe file.write($0) }
    buffer.removeAll(keepingCapacity: true)
    guard code == 0 else { throw .cannotWrite(name: name, errno: code) }
  }
}
