/// A file that is opened to be added to, its end mended.
///
/// What wrote it may have been killed in the middle of a line, or of a packed part. A torn line is
/// cut off. A part that has no end is taken off, too, and its whole lines are to be written again: no
/// reader would find its way past it.
struct OpenedEnd: ~Copyable {
  private let file: FileDescriptor
  /// The bytes of a last line that had no end.
  private(set) var cutBytes = 0
  /// The whole lines of a packed part that had no end.
  private(set) var lines: [UInt8] = []
  /// Whether the file holds nothing now.
  private(set) var isEmpty = true

  private static let blockBytes = 1 << 16
  /// The most bytes of lines that are written again.
  private static let linesLimit = 1 << 28

  /// A file that needs no mending.
  init(_ opened: consuming FileDescriptor) {
    file = opened
  }

  /// Opens a file and mends its end.
  static func mended(_ path: String, _ packing: Compression) throws(StreamError) -> OpenedEnd {
    var end = OpenedEnd(try FileDescriptor(appending: path))
    try end.mend(path, packing)
    return end
  }

  private mutating func mend(_ path: String, _ packing: Compression) throws(StreamError) {
    guard let length = file.fileLength, length > 0 else { return }
    let end =
      packing == .none
      ? try endOfLines(path, length) : try endOfParts(path, length, packing)
    if packing == .none { cutBytes = length - end }
    isEmpty = end == 0
    guard end < length else { return }
    let code = file.truncate(to: end)
    guard code == 0 else { throw .cannotWrite(name: path, errno: code) }
  }

  /// Hands over the file.
  consuming func takeFile() -> FileDescriptor { file }

  private func block(_ path: String, at offset: Int, _ count: Int) throws(StreamError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe file.read(at: offset, into: $0) }
    guard got >= 0 else { throw .cannotRead(name: path, offset: offset, errno: Int32(-got)) }
    bytes.removeLast(count - got)
    return bytes
  }

  /// Where the last newline of a file ends.
  private func endOfLines(_ path: String, _ length: Int) throws(StreamError) -> Int {
    var end = length
    while end > 0 {
      let start = max(0, end - Self.blockBytes)
      let bytes = try block(path, at: start, end - start)
      if let newline = bytes.lastIndex(of: 0x0a) { return start + newline + 1 }
      end = start
    }
    return 0
  }

  /// Where the last packed part ends that has an end; takes over the lines behind it.
  private mutating func endOfParts(
    _ path: String,
    _ length: Int,
    _ packing: Compression
  ) throws(StreamError) -> Int {
    var decompressor = try Decompressor(packing)
    var unpacked = [UInt8](repeating: 0, count: Self.blockBytes)
    var offset = 0
    var end = 0
    while offset < length {
      let bytes = try block(path, at: offset, min(Self.blockBytes, length - offset))
      guard !bytes.isEmpty else { break }
      var rest = bytes[...]
      while true {
        let step = unsafe rest.withUnsafeBytes { input in
          unsafe unpacked.withUnsafeMutableBytes { unsafe decompressor.step(input, into: $0) }
        }
        guard !step.isDamaged, lines.count <= Self.linesLimit else {
          throw .notAppendable(path: path, format: packing.rawValue)
        }
        rest = rest.dropFirst(step.consumed)
        lines += unpacked[..<step.produced]
        if step.isAtBoundary {
          end = offset + rest.startIndex
          lines = []
        }
        if rest.isEmpty, step.produced < unpacked.count { break }
        if step.consumed == 0, step.produced == 0 { break }
      }
      offset += bytes.count
    }
    let whole = lines.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    cutBytes = lines.count - whole
    lines.removeLast(cutBytes)
    return end
  }
}
