import Dispatch
import Glibc

/// SIGTERM, SIGINT and what else is asked for as something to wait for beside streams.
///
/// Made first thing, so that no signal finds the process without it. The first signal that is to stop
/// the process makes `descriptor` readable; the second ends it at once with 75 (`EX_TEMPFAIL`).
struct StopSignals {
  /// What a signal asks for.
  enum Wish: UInt8 {
    case stop = 1
    /// SIGHUP, where outputs are to be opened anew.
    case reopen
    /// SIGUSR1, where the process is to say how it stands.
    case tell
  }

  /// Readable once a signal has come.
  let descriptor: Int32

  /// - Parameters:
  ///   - others: What ends the process in order, too.
  ///   - serves: Whether SIGHUP asks for outputs to be opened anew, and SIGUSR1 how the process
  ///     stands; otherwise they end it.
  init(others: [Int32] = [], serves: Bool = false) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    for signal in others + (serves ? [SIGHUP, SIGUSR1] : []) { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      preconditionFailure("no pipe for signals: \(errno)")
    }
    descriptor = ends[0]
    let writer = ends[1]
    let waited = set
    DispatchQueue(label: "signals").async {
      var isStopping = false
      while true {
        let wish: Wish
        switch Self.wait(for: waited) {
        case SIGHUP where serves: wish = .reopen
        case SIGUSR1 where serves: wish = .tell
        default: wish = .stop
        }
        if wish == .stop, isStopping { _exit(75) }
        isStopping = isStopping || wish == .stop
        var byte = wish.rawValue
        _ = unsafe write(writer, &byte, 1)
      }
    }
  }

  /// What the next signal that has come asks for; waits for it.
  func take() -> Wish {
    var byte: UInt8 = 0
    while unsafe read(descriptor, &byte, 1) < 0, errno == EINTR {}
    return Wish(rawValue: byte) ?? .stop
  }

  private static func wait(for set: sigset_t) -> Int32 {
    var set = set
    var signal: Int32 = 0
    _ = unsafe sigwait(&set, &signal)
    return signal
  }
}
