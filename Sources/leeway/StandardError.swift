import Glibc

/// Writes a line of words to standard error.
func note(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Writes warnings to standard error, a line each.
func note(warnings: [String]) {
  for warning in warnings { note("warning: \(warning)") }
}
