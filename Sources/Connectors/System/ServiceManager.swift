import Glibc

/// Tells systemd how the process stands (sd_notify(3)): nothing where no manager listens.
package struct ServiceManager: ~Copyable {
  private let socket: Int32
  private let path: [UInt8]
  /// How often the manager wants to hear that the process goes on, in nanoseconds; `nil` where it
  /// does not watch.
  private let interval: Int64?
  private var heardAt = Int64.min

  /// The manager that the environment names.
  ///
  /// - Parameter environment: `NOTIFY_SOCKET` is its socket; `WATCHDOG_USEC` the microseconds after
  ///   which it takes a silent process for stuck, of which half are waited.
  package init(_ environment: [String: String]) {
    var path = Array((environment["NOTIFY_SOCKET"] ?? "").utf8)
    // An abstract socket.
    if path.first == UInt8(ascii: "@") { path[0] = 0 }
    self.path = path
    let isNamed = path.first == 0 || path.first == UInt8(ascii: "/")
    socket =
      isNamed && path.count < Self.pathLimit
      ? Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) : -1
    let limit = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
    let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
    interval = limit.flatMap { $0 > 0 && isOurs ? $0.multipliedReportingOverflow(by: 500).0 : nil }
  }

  deinit { if socket >= 0 { _ = close(socket) } }

  /// How many bytes an address of a socket has room for.
  private static let pathLimit = 108

  /// Says something, such as `READY=1`.
  package func tell(_ words: String) {
    guard socket >= 0 else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let bytes = Array(words.utf8)
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        _ = unsafe sendto(socket, bytes, bytes.count, flags, address, length)
      }
    }
  }

  /// Says that the process goes on, where the manager watches and has not heard so for a while.
  ///
  /// - Parameter now: The monotonic clock, in nanoseconds.
  package mutating func beat(now: Int64) {
    guard let interval, heardAt == .min || now - heardAt >= interval else { return }
    heardAt = now
    tell("WATCHDOG=1")
  }
}
