internal import Glibc

/// A value that only one thread at a time can reach, behind a POSIX mutex.
///
/// `Synchronization.Mutex` would do, but ThreadSanitizer does not see through it on Linux and
/// reports races where there are none; POSIX mutexes it knows, so that its word counts.
@safe
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
  // Unchecked: `value` is only touched while `mutex` is held.
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// Takes a value in.
  package init(_ value: consuming Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    let failure = unsafe pthread_mutex_init(mutex, nil)
    precondition(failure == 0, "no mutex: \(failure)")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Uses the value while no other thread can.
  package func withLock<R, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
