import CLibFuzzer
import Glibc

/// Runs libFuzzer with the arguments of the process; each input goes to `target`.
///
/// - Parameter target: Gets the input's first byte and its count; returns 0, or -1 for an input
///   that is not to be kept.
@safe
public func runFuzzer(_ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) -> Never {
  var count = CommandLine.argc
  var arguments = unsafe Optional(CommandLine.unsafeArgv)
  exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, target))
}

/// Ends the process where a promise is broken, which libFuzzer reports with the input.
public func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
  guard !holds else { return }
  let text = "broken promise: \(promise())\n"
  _ = unsafe text.withCString { unsafe write(STDERR_FILENO, $0, strlen($0)) }
  abort()
}

/// The input followed by as many readable zero bytes as asked for, and by nothing readable after.
///
/// The exact allocation lets AddressSanitizer see a read past its end.
public func withPadding<Result>(
  _ bytes: UnsafePointer<UInt8>?,
  _ count: Int,
  padding: Int,
  _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
  let copy = UnsafeMutableRawPointer.allocate(byteCount: count + padding, alignment: 1)
  defer { unsafe copy.deallocate() }
  unsafe memset(copy, 0, count + padding)
  if let bytes = unsafe bytes { unsafe copy.copyMemory(from: bytes, byteCount: count) }
  return unsafe body(UnsafeRawBufferPointer(start: copy, count: count))
}
