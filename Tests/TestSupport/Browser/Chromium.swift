import Foundation
import Glibc

/// A headless Chromium that is driven over a pipe with the DevTools protocol; no network.
public final class Chromium {
  /// Why a browser or a page does not do what is asked.
  public struct Failure: Error, CustomStringConvertible {
    /// What, and what to do.
    public var description: String
  }

  private let process: pid_t
  private let writer: Int32
  private let reader: Int32
  private let folder: URL
  private var received = Data()
  private var lastIdentifier = 0
  private var events: [[String: Any]] = []

  /// The browser: `CHROMIUM`, else Debian's.
  private static let executable =
    ProcessInfo.processInfo.environment["CHROMIUM"] ?? "/usr/bin/chromium"

  /// The checks of a page, as a script that defines `checkPage()`.
  public static func checks() throws -> String {
    let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "checks.js")
    return try String(contentsOf: place, encoding: .utf8)
  }

  /// Starts a browser with a folder of its own.
  public init() throws {
    guard FileManager.default.isExecutableFile(atPath: Self.executable) else {
      throw Failure(
        description: "no \(Self.executable): `deploy/install-packages test` installs chromium"
      )
    }
    folder = FileManager.default.temporaryDirectory.appending(path: "chromium-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let commands = try Self.pipe()
    let answers = try Self.pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let log = folder.appending(path: "log").path
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, log, flags, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    unsafe posix_spawn_file_actions_adddup2(&actions, commands.read, 3)
    unsafe posix_spawn_file_actions_adddup2(&actions, answers.write, 4)
    let words = [
      Self.executable, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
      "--disable-component-update", "--disable-extensions", "--hide-scrollbars",
      "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
      "--user-data-dir=\(folder.appending(path: "profile").path)", "about:blank",
    ]
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var started: pid_t = 0
    let code = unsafe posix_spawn(
      &started,
      Self.executable,
      &actions,
      nil,
      &pointers,
      environ
    )
    close(commands.read)
    close(answers.write)
    (writer, reader) = (commands.write, answers.read)
    process = started
    guard code == 0 else { throw Failure(description: "\(Self.executable): error \(code)") }
  }

  deinit {
    // Asked to, it takes its helpers along; one that does not go within five seconds is ended.
    _ = try? call("Browser.close")
    close(writer)
    close(reader)
    var status: Int32 = 0
    var ended: pid_t = 0
    for _ in 0..<500 where ended == 0 {
      ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == 0 { usleep(10_000) }
    }
    if ended == 0 {
      kill(process, SIGKILL)
      unsafe waitpid(process, &status, 0)
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// A pipe above the numbers that the child gets, which no other process inherits.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw Failure(description: "no pipe: error \(errno)")
    }
    let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
    for end in ends { close(end) }
    return (high[0], high[1])
  }

  // MARK: The protocol

  /// Sends a command and waits for its answer; events that come between are kept.
  func call(
    _ method: String,
    _ parameters: [String: Any] = [:],
    session: String? = nil
  ) throws -> [String: Any] {
    lastIdentifier += 1
    let identifier = lastIdentifier
    var message: [String: Any] = ["id": identifier, "method": method, "params": parameters]
    message["sessionId"] = session
    var bytes = [UInt8](try JSONSerialization.data(withJSONObject: message))
    bytes.append(0)
    try send(bytes)
    while true {
      let answer = try receive()
      guard answer["id"] as? Int == identifier else {
        events.append(answer)
        continue
      }
      if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  /// Waits for an event of a session and takes it and those before out.
  func wait(for method: String, session: String) throws {
    while !events.contains(where: {
      $0["method"] as? String == method && $0["sessionId"] as? String == session
    }) {
      events.append(try receive())
    }
  }

  /// The events of a session by name, with their parameters.
  func events(session: String) -> [(method: String, parameters: [String: Any])] {
    events.filter { $0["sessionId"] as? String == session }.map {
      ($0["method"] as? String ?? "", $0["params"] as? [String: Any] ?? [:])
    }
  }

  private func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(writer, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw Failure(description: "chromium went away: \(log)") }
      rest = rest.dropFirst(count)
    }
  }

  private func receive() throws -> [String: Any] {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = Data(received[..<end])
        received = Data(received[(end + 1)...])
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      // A browser that hangs shall not hang the tests.
      var descriptor = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, 120_000) > 0 else {
        throw Failure(description: "chromium does not answer: \(log)")
      }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(reader, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw Failure(description: "chromium ended: \(log)") }
      received.append(contentsOf: buffer[..<count])
    }
  }

  private var log: String {
    (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
  }
}
