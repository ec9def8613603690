extension ByteSource {
  /// The bytes of a file as they are, or all of standard input.
  ///
  /// - Parameter path: A file, a pipe, or `-` for standard input.
  /// - Returns: The bytes.
  /// - Throws: `StreamError` when it cannot be opened or read.
  package static func contents(of path: String) throws(StreamError) -> [UInt8] {
    var source = try ByteSource(path: path, decompresses: false)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try unsafe buffer.withUnsafeMutableBufferPointer { space throws(StreamError) in
        try unsafe source.read(into: UnsafeMutableRawBufferPointer(space))
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
