private import CZlib

/// A gzip encoder, a member after the other (zlib).
///
/// Headers have no time and no name, so that the same bytes give the same file.
@safe struct GzipCompressor: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private var space = [UInt8](repeating: 0, count: 1 << 16)

  init() throws(StreamError) {
    let opened = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe opened.initialize(to: unsafe z_stream())
    // 15 + 16: the largest window, a gzip header; 8 is zlib's usual memory level.
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let status = unsafe deflateInit2_(
      opened,
      Z_DEFAULT_COMPRESSION,
      Z_DEFLATED,
      15 + 16,
      8,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      size
    )
    guard status == Z_OK else {
      unsafe opened.deallocate()
      throw .noDecompressor(format: "gzip")
    }
    unsafe stream = unsafe opened
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Compresses bytes; what is ready is appended to `output`.
  ///
  /// - Parameters:
  ///   - input: What comes next.
  ///   - flush: How much of it is to come out.
  ///   - output: Receives compressed bytes.
  mutating func compress(_ input: [UInt8], _ flush: Packer.Flush, into output: inout [UInt8]) {
    var input = input
    let mode =
      switch flush {
      case .more: Z_NO_FLUSH
      case .all: Z_SYNC_FLUSH
      case .end: Z_FINISH
      }
    unsafe input.withUnsafeMutableBytes { bytes in
      unsafe stream.pointee.next_in = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_in = UInt32(bytes.count)
      while true {
        let produced = unsafe space.withUnsafeMutableBytes { room in
          unsafe stream.pointee.next_out =
            unsafe room.baseAddress?.assumingMemoryBound(to: UInt8.self)
          unsafe stream.pointee.avail_out = UInt32(room.count)
          _ = unsafe deflate(stream, mode)
          return unsafe room.count - Int(stream.pointee.avail_out)
        }
        output.append(contentsOf: space[..<produced])
        if produced < space.count { break }
      }
    }
    if flush == .end { unsafe deflateReset(stream) }
  }
}
