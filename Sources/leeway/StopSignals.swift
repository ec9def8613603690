import Dispatch
import Glibc

/// SIGTERM, SIGINT and what else is asked for as something to wait for beside streams.
///
/// Made first thing, so that no signal finds the process without it. The first signal makes
/// `descriptor` readable; the second ends the process at once with 75 (`EX_TEMPFAIL`).
struct StopSignals {
  /// Readable once a signal has come.
  let descriptor: Int32

  /// - Parameter others: What ends the process in order, too.
  init(others: [Int32] = []) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    for signal in others { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      preconditionFailure("no pipe for signals: \(errno)")
    }
    descriptor = ends[0]
    let writer = ends[1]
    let waited = set
    DispatchQueue(label: "signals").async {
      Self.wait(for: waited)
      var byte: UInt8 = 1
      _ = unsafe write(writer, &byte, 1)
      Self.wait(for: waited)
      _exit(75)
    }
  }

  private static func wait(for set: sigset_t) {
    var set = set
    var signal: Int32 = 0
    _ = unsafe sigwait(&set, &signal)
  }
}
