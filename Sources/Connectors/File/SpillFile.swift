internal import Glibc

/// A file without a name that holds what memory should not: it is gone with its owner.
public struct SpillFile: ~Copyable {
  private let file: FileDescriptor
  private let folder: String
  /// The bytes that it holds.
  public private(set) var count = 0

  /// The folder of temporary files: the environment's `TMPDIR`, else `/var/tmp`, which is on a disk.
  public static var folder: String { ProcessEnvironment.variables["TMPDIR"] ?? "/var/tmp" }

  /// Creates a file in a folder.
  ///
  /// - Throws: `StreamError.cannotOpen`.
  public init(in folder: String = SpillFile.folder) throws(StreamError) {
    file = try FileDescriptor(temporaryIn: folder)
    self.folder = folder
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: `StreamError.cannotWrite`, such as of a full disk.
  public mutating func append(_ bytes: [UInt8]) throws(StreamError) {
    let code = unsafe bytes.withUnsafeBytes { unsafe file.write($0) }
    guard code == 0 else {
      throw .cannotWrite(name: "a temporary file in \(folder)", errno: code)
    }
    count += bytes.count
  }

  /// Reads bytes that were added.
  ///
  /// - Parameter range: Where they stand.
  /// - Returns: The bytes.
  /// - Throws: `StreamError.cannotRead`.
  public func read(_ range: Range<Int>) throws(StreamError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      let all = UnsafeMutableRawBufferPointer(buffer)
      while filled < range.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[filled...])
        let got = unsafe file.read(at: range.lowerBound + filled, into: rest)
        if got < 0 { code = Int32(-got) }
        guard got > 0 else { break }
        filled += got
      }
    }
    guard bytes.count == range.count else {
      let name = "a temporary file in \(folder)"
      throw .cannotRead(name: name, offset: range.lowerBound, errno: code)
    }
    return bytes
  }
}
