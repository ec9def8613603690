import Glibc

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// An open file that is closed with its owner; standard input and output are left open.
///
/// All system calls on files are in this type.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let isOwned: Bool

  /// Opens a file for reading; `-` is standard input.
  init(reading path: String) throws(StreamError) {
    if path == "-" {
      number = STDIN_FILENO
      isOwned = false
      return
    }
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    number = opened
    isOwned = true
  }

  /// Creates or empties a file for writing; `-` is standard output.
  init(writing path: String) throws(StreamError) {
    if path == "-" {
      number = STDOUT_FILENO
      isOwned = false
      return
    }
    let opened = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    number = opened
    isOwned = true
  }

  /// Opens a file for writing behind what it holds, or creates it; `-` is standard output.
  init(appending path: String) throws(StreamError) {
    if path == "-" {
      number = STDOUT_FILENO
      isOwned = false
      return
    }
    var status = stat()
    let isSpecial = unsafe stat(path, &status) == 0 && (status.st_mode & S_IFMT) != S_IFREG
    // Of a file the end is read, too; a pipe that is opened so would be its own reader.
    let access = isSpecial ? O_WRONLY : O_RDWR
    let opened = unsafe open(path, access | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    number = opened
    isOwned = true
  }

  /// Creates a file without a name in a folder, to be written and read.
  init(temporaryIn folder: String) throws(StreamError) {
    let letters = String(repeating: "X", count: 6)
    var template = Array("\(folder)/leeway-\(letters)".utf8CString)
    let opened = unsafe mkstemp(&template)
    guard opened >= 0 else { throw .cannotOpen(path: folder, errno: errno) }
    _ = unsafe unlink(template)
    _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
    number = opened
    isOwned = true
  }

  deinit {
    if isOwned { _ = close(number) }
  }

  /// Whether reads never wait: a regular file, not a pipe, socket or terminal.
  var isRegularFile: Bool {
    var status = stat()
    return unsafe fstat(number, &status) == 0 && (status.st_mode & S_IFMT) == S_IFREG
  }

  /// Gives a file another name, and waits until the folder knows it where that is asked for.
  ///
  /// - Returns: 0, or the error number.
  static func rename(_ path: String, to other: String, reachesDisk: Bool) -> Int32 {
    guard unsafe Glibc.rename(path, other) == 0 else { return errno }
    guard reachesDisk else { return 0 }
    let slash = other.lastIndex(of: "/")
    let folder = unsafe open(slash.map { String(other[...$0]) } ?? ".", O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return errno }
    defer { _ = close(folder) }
    // Some file systems cannot sync a folder; the file is renamed all the same.
    _ = fsync(folder)
    return 0
  }

  /// Waits until what was written is on the disk.
  ///
  /// - Returns: 0, or the error number.
  func sync() -> Int32 { fsync(number) == 0 ? 0 : errno }

  /// Goes to a byte of a regular file.
  ///
  /// - Returns: Whether it could.
  func seek(to offset: Int) -> Bool { lseek(number, off_t(offset), SEEK_SET) == off_t(offset) }

  /// Reads the first bytes of a regular file, and leaves its place as it is.
  ///
  /// - Returns: How many there were, or a negative number.
  func peek(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe pread(number, buffer.baseAddress, buffer.count, 0)
  }

  /// The length of a regular file in bytes, else `nil`.
  var fileLength: Int? {
    var status = stat()
    guard unsafe fstat(number, &status) == 0, (status.st_mode & S_IFMT) == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Reads up to `buffer.count` bytes; 0 at the end, `-errno` on error.
  ///
  /// Goes on after an interruption, and waits where the descriptor was set not to.
  static func read(_ number: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno == EINTR || isReady(number, for: POLLIN, after: errno) { continue }
      return -Int(errno)
    }
  }

  /// Waits for a descriptor that whoever lent it has set not to wait.
  ///
  /// - Returns: Whether that was what the error said, so that it is to be tried again.
  private static func isReady(_ number: Int32, for event: Int32, after code: Int32) -> Bool {
    guard code == EAGAIN || code == EWOULDBLOCK else { return false }
    var request = pollfd(fd: number, events: Int16(event), revents: 0)
    while unsafe poll(&request, 1, -1) < 0 {
      guard errno == EINTR else {
        errno = code
        return false
      }
    }
    return true
  }

  /// Reads at a place of a file; 0 at its end, `-errno` on error.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = unsafe pread(number, buffer.baseAddress, buffer.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Cuts a file to a length; 0 when done, else the error number.
  func truncate(to length: Int) -> Int32 {
    while ftruncate(number, off_t(length)) != 0 {
      if errno != EINTR { return errno }
    }
    return 0
  }

  /// Writes all bytes; 0 when done, else the error number.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int32 { unsafe Self.write(number, bytes) }

  /// Writes all bytes; 0 when done, else the error number.
  ///
  /// Goes on after an interruption, and waits where the descriptor was set not to.
  static func write(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let count = unsafe Glibc.write(number, rest.baseAddress, rest.count)
      if count >= 0 {
        unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno != EINTR, !isReady(number, for: POLLOUT, after: errno) {
        return errno
      }
    }
    return 0
  }
}

/// Writes words to standard error; what cannot be said there cannot be said.
package func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe FileDescriptor.write(STDERR_FILENO, $0) }
}
