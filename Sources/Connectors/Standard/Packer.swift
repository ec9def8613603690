/// What packs the bytes of an output: gzip or zstd, a part (member, frame) after the other.
enum Packer: ~Copyable {
  /// How much of what was given is to come out.
  enum Flush {
    /// What is ready.
    case more
    /// All of it; the part goes on.
    case all
    /// All of it, and the part ends.
    case end
  }

  case gzip(GzipCompressor)
  case zstd(ZstdCompressor)

  /// A packer of a format; `nil` for none.
  init?(_ format: Compression) throws(StreamError) {
    switch format {
    case .none: return nil
    case .gzip: self = .gzip(try GzipCompressor())
    case .zstd: self = .zstd(try ZstdCompressor())
    }
  }

  /// Packs bytes; what is ready is appended to `output`.
  mutating func pack(_ input: [UInt8], _ flush: Flush, into output: inout [UInt8]) {
    switch consume self {
    case .gzip(var compressor):
      compressor.compress(input, flush, into: &output)
      self = .gzip(compressor)
    case .zstd(var compressor):
      compressor.compress(input, flush, into: &output)
      self = .zstd(compressor)
    }
  }
}

/// What unpacks a format, step by step.
enum Decompressor: ~Copyable {
  case gzip(GzipDecompressor)
  case zstd(ZstdDecompressor)

  init(_ format: Compression) throws(StreamError) {
    switch format {
    case .none, .gzip: self = .gzip(try GzipDecompressor())
    case .zstd: self = .zstd(try ZstdDecompressor())
    }
  }

  /// Unpacks some bytes into others.
  mutating func step(
    _ input: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    switch consume self {
    case .gzip(var decompressor):
      let step = unsafe decompressor.step(input, into: output)
      self = .gzip(decompressor)
      return step
    case .zstd(var decompressor):
      let step = unsafe decompressor.step(input, into: output)
      self = .zstd(decompressor)
      return step
    }
  }
}
