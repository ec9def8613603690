private import CZlib
private import CZstd

/// What a stream's first bytes say about its compression.
enum Compression: String {
  case none, gzip, zstd

  /// What the name of an output asks for.
  init(name: String) {
    self = name.hasSuffix(".gz") ? .gzip : name.hasSuffix(".zst") ? .zstd : .none
  }

  private static let gzipMagic: [UInt8] = [0x1f, 0x8b]
  private static let zstdMagic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

  /// Whether what begins so may still turn out to be packed.
  static func mayBegin(with bytes: some Collection<UInt8>) -> Bool {
    gzipMagic.starts(with: bytes) || zstdMagic.starts(with: bytes)
  }

  /// Decides by content: gzip starts with `1f 8b`, zstd with `28 b5 2f fd`.
  init(magic: some Collection<UInt8>) {
    if magic.starts(with: Self.gzipMagic) {
      self = .gzip
    } else if magic.starts(with: Self.zstdMagic) {
      self = .zstd
    } else {
      self = .none
    }
  }
}

/// One step of decompression: how much was taken and made.
struct DecompressionStep {
  var consumed: Int
  var produced: Int
  /// The compressed bytes are damaged.
  var isDamaged: Bool
  /// A member or frame has just ended: the stream may end here.
  var isAtBoundary: Bool
}

/// A gzip decoder over any number of concatenated members (zlib).
@safe struct GzipDecompressor: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(StreamError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: unsafe z_stream())
    // 15 + 16: the largest window, a gzip header expected.
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      throw .noDecompressor(format: "gzip")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  mutating func step(
    _ input: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    let next = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: next)
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    let ended = status == Z_STREAM_END
    if ended { unsafe inflateReset(stream) }
    return unsafe DecompressionStep(
      consumed: input.count - Int(stream.pointee.avail_in),
      produced: output.count - Int(stream.pointee.avail_out),
      isDamaged: !ended && status != Z_OK && status != Z_BUF_ERROR,
      isAtBoundary: ended
    )
  }
}

/// A Zstandard decoder over any number of concatenated frames (libzstd).
@safe struct ZstdDecompressor: ~Copyable {
  private let stream: OpaquePointer

  init() throws(StreamError) {
    guard let created = unsafe ZSTD_createDStream() else {
      throw .noDecompressor(format: "zstd")
    }
    unsafe stream = created
  }

  deinit { unsafe ZSTD_freeDStream(stream) }

  mutating func step(
    _ input: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = unsafe ZSTD_decompressStream(stream, &target, &source)
    return unsafe DecompressionStep(
      consumed: source.pos,
      produced: target.pos,
      isDamaged: ZSTD_isError(status) != 0,
      isAtBoundary: status == 0
    )
  }
}
