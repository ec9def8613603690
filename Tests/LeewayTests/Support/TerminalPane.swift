import Foundation
import Glibc
import Testing

/// A terminal in tmux, with a program in it.
///
/// Each has a server of its own, which ends with it.
final class TerminalPane {
  private let socket: String

  /// Starts a command in a terminal.
  ///
  /// - Parameters:
  ///   - arguments: Those of `leeway`.
  ///   - environment: Variables besides a locale of UTF-8.
  ///   - input: A file or named pipe for standard input.
  ///   - columns: The width.
  ///   - rows: The height.
  /// - Throws: `ProcessFailure` when tmux does not start.
  convenience init(
    _ arguments: [String],
    environment: [String: String] = [:],
    input: String? = nil,
    columns: Int = 80,
    rows: Int = 24
  ) throws {
    let variables = environment.merging(["LC_ALL": "C.UTF-8"]) { own, _ in own }
      .map { "\($0.key)=\(Self.quoted($0.value))" }.sorted().joined(separator: " ")
    let words = ([LeewayProcess.executable] + arguments).map(Self.quoted).joined(separator: " ")
    let source = input.map { " < \(Self.quoted($0))" } ?? ""
    // What follows shows that the terminal is as it was: lines, echo, an exit code.
    let script = "env \(variables) \(words)\(source); echo \"code $?\"; stty -a; cat"
    try self.init(script: script, columns: columns, rows: rows)
  }

  /// Starts a line of a shell in a terminal.
  init(script: String, columns: Int = 80, rows: Int = 24) throws {
    // The path of a socket is short.
    socket =
      FileManager.default.temporaryDirectory
      .appending(path: "lw-\(UUID().uuidString.prefix(8))").path
    try tmux(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", script])
  }

  deinit {
    _ = try? tmux(["kill-server"])
    try? FileManager.default.removeItem(atPath: socket)
    try? FileManager.default.removeItem(atPath: socket + ".output")
  }

  /// Presses keys by tmux's names.
  func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// The process of the program in the terminal.
  func identifier() throws -> pid_t {
    let shell = try tmux(["display-message", "-p", "#{pane_pid}"])
    let pid = shell.trimmingCharacters(in: .whitespacesAndNewlines)
    let children = try text(of: "/proc/\(pid)/task/\(pid)/children")
    return pid_t(children.split(separator: " ").first ?? "") ?? -1
  }

  /// What the terminal shows.
  func lines() throws -> [String] {
    try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// Waits until the terminal shows what is expected.
  ///
  /// - Parameters:
  ///   - what: What is waited for, in words.
  ///   - condition: Whether the lines are as expected.
  /// - Returns: The lines.
  /// - Throws: `ProcessFailure`, with the terminal as an issue, when it is never shown.
  @discardableResult
  func wait(_ what: String, _ condition: ([String]) -> Bool) throws -> [String] {
    var shown: [String] = []
    let limit = Date(timeIntervalSinceNow: 60)
    while Date() < limit {
      shown = try lines()
      if condition(shown) { return shown }
      usleep(30_000)
    }
    let picture = shown.joined(separator: "\n")
    Issue.record("never shown: \(what)\n\(picture)")
    throw ProcessFailure(ETIME)
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    // Not Foundation's `Process`, nor a pipe: both wait for the end of whatever has inherited their
    // descriptors, and the server of tmux lives on.
    let output = socket + ".output"
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // A server that inherits blocked signals would not end when it is told to.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    )
    let words =
      ["env", "-u", "TMUX", "tmux", "-u", "-S", socket, "-f", "/dev/null"] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var started: pid_t = 0
    let code = unsafe posix_spawn(
      &started,
      "/usr/bin/env",
      &actions,
      &attributes,
      &pointers,
      environ
    )
    guard code == 0 else { throw ProcessFailure(code) }
    var status: Int32 = 0
    while unsafe waitpid(started, &status, 0) < 0 {
      guard errno == EINTR else { throw ProcessFailure(errno) }
    }
    guard status == 0 else { throw ProcessFailure(ECHILD) }
    return try text(of: output)
  }

  static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
