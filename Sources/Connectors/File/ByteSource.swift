import Glibc

/// A stream of bytes from a file, a pipe or standard input, decompressed by content.
///
/// gzip and zstd are told by their first bytes, not by the file's name. Concatenated members and
/// frames are one stream.
public struct ByteSource: ~Copyable {
  /// The path as the user gave it; `-` is standard input.
  public let name: String
  /// Bytes delivered so far, after decompression.
  public private(set) var deliveredBytes = 0
  /// Bytes read from the file so far, before decompression; with `fileLength` this is progress.
  public private(set) var readBytes = 0
  /// The file's length in bytes, or `nil` where there is none (a pipe).
  public let fileLength: Int?
  /// Whether a read never waits for a writer.
  public let isRegularFile: Bool

  /// The first bytes that were delivered, at most `headLimit`: by them a file is known again.
  public private(set) var head: [UInt8] = []

  /// How many of the first bytes are kept.
  public static let headLimit = 1 << 12

  private let file: FileDescriptor
  private var input = PackedInput()

  /// What was read and not delivered yet, and what takes it apart where it is packed.
  private struct PackedInput: ~Copyable {
    /// `nil` before the first bytes have told.
    var compression: Compression?
    var gzip: GzipDecompressor?
    var zstd: ZstdDecompressor?
    var bytes = [UInt8](repeating: 0, count: ByteSource.inputCapacity)
    var start = 0
    var end = 0
    /// Whether the packed bytes before `start` are whole members or frames.
    var isAtBoundary = false

    /// Takes the next bytes apart.
    mutating func unpack(into output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
      let range = start..<end
      let step = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
        if let step = unsafe gzip?.step(rest, into: output) { return step }
        if let step = unsafe zstd?.step(rest, into: output) { return step }
        return DecompressionStep(consumed: 0, produced: 0, isDamaged: true, isAtBoundary: false)
      }
      start += step.consumed
      isAtBoundary = step.isAtBoundary
      return step
    }
  }

  /// How many compressed bytes are read at a time.
  static let inputCapacity = 1 << 17

  /// Opens a stream; nothing is read yet.
  ///
  /// - Parameters:
  ///   - path: A file, a named pipe, or `-`.
  ///   - decompresses: Whether gzip and zstd are decoded.
  /// - Throws: `StreamError.cannotOpen`.
  public init(path: String, decompresses: Bool = true) throws(StreamError) {
    let opened = try FileDescriptor(reading: path)
    name = path
    fileLength = opened.fileLength
    isRegularFile = opened.isRegularFile
    file = opened
    if !decompresses { input.compression = Compression.none }
  }

  /// The number to wait on with `poll`.
  public var descriptor: Int32 { file.number }

  /// Whether decoded bytes may be had without reading the file: `poll` would not know of them.
  public var hasBufferedInput: Bool { input.start < input.end }

  /// Reads up to `buffer.count` bytes.
  ///
  /// - Returns: The number of bytes, 0 at the end of the stream.
  /// - Throws: `StreamError.cannotRead` or `.damagedCompression`; what was delivered before stands.
  public mutating func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(StreamError) -> Int {
    let compression = try recognise()
    let count =
      if compression == .none {
        try unsafe readPlain(into: buffer)
      } else {
        try unsafe readCompressed(into: buffer)
      }
    if head.count < Self.headLimit, head.count == deliveredBytes, count > 0 {
      unsafe head.append(contentsOf: buffer[..<min(count, Self.headLimit - head.count)])
    }
    deliveredBytes += count
    return count
  }

  /// Whether the stream is packed, as far as its first bytes say.
  ///
  /// - Throws: `StreamError.cannotRead`.
  package mutating func isPacked() throws(StreamError) -> Bool { try recognise() != .none }

  /// Whether a plain file still begins with the bytes that were read.
  package var stillBegins: Bool {
    var bytes = [UInt8](repeating: 0, count: head.count)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe file.peek(into: $0) }
    return got == head.count && bytes == head
  }

  /// Steps over the stream's first bytes; of use before anything was read.
  ///
  /// - Parameter offset: How many bytes, after decompression.
  /// - Returns: Whether there are so many.
  /// - Throws: `StreamError` as `read` does.
  public mutating func skip(to offset: Int) throws(StreamError) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while deliveredBytes < offset {
      // The head is read; of a plain file the rest need not be.
      if deliveredBytes >= Self.headLimit, input.compression == Compression.none, isRegularFile {
        guard let fileLength, offset <= fileLength, file.seek(to: offset) else { return false }
        input.start = 0
        input.end = 0
        deliveredBytes = offset
        readBytes = offset
        return true
      }
      let wanted = min(buffer.count, offset - deliveredBytes)
      let got = try unsafe buffer.withUnsafeMutableBufferPointer { space throws(StreamError) in
        let bytes = unsafe UnsafeMutableRawBufferPointer(space)[..<wanted]
        return try unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: bytes))
      }
      if got == 0 { return false }
    }
    return true
  }

  private mutating func recognise() throws(StreamError) -> Compression {
    if let compression = input.compression { return compression }
    // A pipe may deliver the magic in pieces: read on while it may be one. Lines that are not packed
    // are known by their first byte, so that a pipe that holds back the rest holds nobody up.
    while input.end < 4, Compression.mayBegin(with: input.bytes[..<input.end]) {
      if try refill() == 0 { break }
    }
    let found = Compression(magic: input.bytes[..<min(4, input.end)])
    switch found {
    case .none: break
    case .gzip: input.gzip = try GzipDecompressor()
    case .zstd: input.zstd = try ZstdDecompressor()
    }
    input.compression = found
    return found
  }

  private mutating func refill() throws(StreamError) -> Int {
    let end = input.end
    let file = file.number
    let got = unsafe input.bytes.withUnsafeMutableBytes { bytes in
      unsafe FileDescriptor.read(
        file,
        into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
      )
    }
    guard got >= 0 else {
      throw .cannotRead(name: name, offset: deliveredBytes, errno: Int32(-got))
    }
    input.end += got
    readBytes += got
    return got
  }

  private mutating func readPlain(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(StreamError) -> Int {
    if hasBufferedInput {
      let count = min(buffer.count, input.end - input.start)
      unsafe buffer.copyBytes(from: input.bytes[input.start..<input.start + count])
      input.start += count
      return count
    }
    let got = unsafe FileDescriptor.read(file.number, into: buffer)
    guard got >= 0 else {
      throw .cannotRead(name: name, offset: deliveredBytes, errno: Int32(-got))
    }
    readBytes += got
    return got
  }

  private mutating func readCompressed(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(StreamError) -> Int {
    while true {
      if !hasBufferedInput {
        input.start = 0
        input.end = 0
        if try refill() == 0 {
          if input.isAtBoundary { return 0 }
          throw .damagedCompression(name: name, format: format, offset: deliveredBytes)
        }
      }
      let step = unsafe input.unpack(into: buffer)
      if step.isDamaged {
        throw .damagedCompression(name: name, format: format, offset: deliveredBytes)
      }
      if step.produced > 0 { return step.produced }
    }
  }

  private var format: String { input.compression?.rawValue ?? "unrecognised" }
}
