import Foundation
import Glibc
import TestSupport

/// Runs the built `leeway`: the one that the environment's `LEEWAY` names, else the one beside the test
/// bundle.
struct LeewayProcess {
  /// What a finished run left behind.
  struct Outcome {
    /// The exit code; the negative signal number when a signal ended it.
    var code: Int32
    var output: String
    var errors: String
  }

  /// Where standard input comes from.
  enum Input {
    case nothing
    case file(String)
    case pipe
  }

  private let identifier: pid_t
  private let output: URL
  private let errors: URL
  /// The writing end of standard input when that is a pipe.
  private let writer: Int32?

  /// The executable: `make test` names the optimised one, which ships and is ten times as fast.
  ///
  /// Else that beside the bundle: this process is the bundle, or was told where the bundle is.
  static let executable: String = {
    if let path = ProcessInfo.processInfo.environment["LEEWAY"], !path.isEmpty { return path }
    let arguments = CommandLine.arguments
    var bundle = arguments[0]
    if let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count {
      bundle = arguments[index + 1]
    }
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "leeway").path
  }()

  private static let starting = NSLock()

  /// Runs to the end.
  static func run(_ arguments: [String], input: Input = .nothing) throws -> Outcome {
    try LeewayProcess(arguments, input: input).wait()
  }

  /// Starts a process; its output goes to files, so that it never waits for a reader.
  ///
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - input: Where standard input comes from.
  ///   - program: Another program than `leeway`.
  /// - Throws: `ProcessFailure` where it cannot be started.
  init(
    _ arguments: [String],
    input: Input = .nothing,
    program: String = Self.executable
  ) throws {
    let folder = try TemporaryFolder()
    output = folder.url.appending(path: "output")
    errors = folder.url.appending(path: "errors")
    // No other test may start a process while a pipe is open that it could inherit.
    Self.starting.lock()
    defer { Self.starting.unlock() }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    var ends: [Int32] = [-1, -1]
    switch input {
    case .nothing:
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .file(let path):
      unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .pipe:
      guard unsafe pipe(&ends) == 0 else { throw ProcessFailure(errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    }
    let creating = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output.path, creating, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors.path, creating, 0o600)
    // Writing to a process that has ended is an error here, and a signal there as anywhere.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    signal(SIGPIPE, SIG_IGN)
    var restored = sigset_t()
    unsafe sigemptyset(&restored)
    for signal in [SIGPIPE, SIGHUP] { unsafe sigaddset(&restored, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &restored)
    // A thread of a queue blocks all signals, which whom it starts would inherit.
    var unblocked = sigset_t()
    unsafe sigemptyset(&unblocked)
    unsafe posix_spawnattr_setsigmask(&attributes, &unblocked)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = [program] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var started: pid_t = 0
    let code = unsafe posix_spawn(
      &started,
      program,
      &actions,
      &attributes,
      &pointers,
      environ
    )
    if ends[0] >= 0 { close(ends[0]) }
    guard code == 0 else { throw ProcessFailure(code) }
    identifier = started
    writer = ends[1] >= 0 ? ends[1] : nil
  }

  /// Writes to standard input.
  func write(_ bytes: some Collection<UInt8>) throws {
    guard let writer else { return }
    var rest = ArraySlice(bytes)
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(writer, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw ProcessFailure(errno) }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ signal: Int32) {
    kill(identifier, signal)
  }

  /// Ends standard input.
  func endInput() {
    if let writer { close(writer) }
  }

  /// What was written to standard error so far.
  var errorsSoFar: String {
    (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
  }

  /// Waits for the end.
  func wait() throws -> Outcome {
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0 {
      guard errno == EINTR else { throw ProcessFailure(errno) }
    }
    let signal = status & 0x7f
    return Outcome(
      code: signal == 0 ? (status >> 8) & 0xff : -signal,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
  }
}

/// A system call that failed.
struct ProcessFailure: Error, CustomStringConvertible {
  var description: String

  init(_ code: Int32) {
    description = unsafe String(cString: strerror(code))
  }
}

/// The bytes of a file as text.
func text(of path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}
