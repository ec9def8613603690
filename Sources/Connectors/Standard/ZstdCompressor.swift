private import CZstd

/// A zstd encoder, a frame after the other (libzstd); the same bytes give the same file.
@safe struct ZstdCompressor: ~Copyable {
  private let context: OpaquePointer
  private var space = [UInt8](repeating: 0, count: 1 << 17)

  init() throws(StreamError) {
    guard let created = unsafe ZSTD_createCCtx() else { throw .noDecompressor(format: "zstd") }
    unsafe context = created
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// Compresses bytes; what is ready is appended to `output`.
  ///
  /// - Parameters:
  ///   - input: What comes next.
  ///   - flush: How much of it is to come out.
  ///   - output: Receives compressed bytes.
  mutating func compress(_ input: [UInt8], _ flush: Packer.Flush, into output: inout [UInt8]) {
    let directive =
      switch flush {
      case .more: ZSTD_e_continue
      case .all: ZSTD_e_flush
      case .end: ZSTD_e_end
      }
    unsafe input.withUnsafeBytes { bytes in
      var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      while true {
        let (rest, produced) = unsafe space.withUnsafeMutableBytes { room in
          var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          let rest = unsafe ZSTD_compressStream2(context, &target, &source, directive)
          return unsafe (rest, target.pos)
        }
        output.append(contentsOf: space[..<produced])
        let isTaken = unsafe source.pos == source.size
        if isTaken, rest == 0 || flush == .more { return }
        precondition(ZSTD_isError(rest) == 0, "zstd: code \(rest)")
      }
    }
  }
}
