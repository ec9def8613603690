extension ByteSource {
  /// The bytes of a file as they are, or all of standard input.
  ///
  /// - Parameter path: A file, a pipe, or `-` for standard input.
  /// - Returns: The bytes.
  /// - Throws: `StreamError` when it cannot be opened or read.
  package static func contents(of path: String) throws(StreamError) -> [UInt8] {
    try contents(of: path, limit: .max)
  }

  /// The first bytes of a file as they are, or of standard input.
  ///
  /// - Parameters:
  ///   - path: A file, a pipe, or `-` for standard input.
  ///   - limit: Reading ends when there are more bytes.
  /// - Returns: The bytes.
  /// - Throws: `StreamError` when it cannot be opened or read.
  package static func contents(
    of path: String,
    limit: Int
  ) throws(StreamError) -> [UInt8] {
    var source = try ByteSource(path: path, decompresses: false)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try source.read(into: &buffer)
      if count == 0 || bytes.count > limit { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Reads the next bytes, as many as the array has room for or fewer.
  ///
  /// - Parameter buffer: Its first bytes are replaced; it keeps its length.
  /// - Returns: The number of bytes, 0 at the end of the stream.
  /// - Throws: `StreamError` when they cannot be read.
  package mutating func read(into buffer: inout [UInt8]) throws(StreamError) -> Int {
    try unsafe buffer.withUnsafeMutableBufferPointer { space throws(StreamError) in
      try unsafe read(into: UnsafeMutableRawBufferPointer(space))
    }
  }
}
