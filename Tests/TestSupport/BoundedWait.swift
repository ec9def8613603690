import Glibc

/// Waits until something holds; a minute at most, so that a test that waits in vain fails and does not
/// hang.
///
/// - Parameter holds: What is waited for; asked a few times a second.
/// - Throws: What `holds` throws.
public func waitAMinute(until holds: () throws -> Bool) rethrows {
  let end = ContinuousClock.now + .seconds(60)
  while try !holds(), ContinuousClock.now < end { usleep(50_000) }
}
