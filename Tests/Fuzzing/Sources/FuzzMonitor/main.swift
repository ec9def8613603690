import FuzzSupport
import Specification
import YAML

// Any bytes are a monitor, or are refused with at least one error whose place is in the file.

runFuzzer { bytes, count in
  let file = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  let (monitor, diagnostics) = Monitor.load(
    bytes: file,
    file: "fuzz.yaml",
    environment: ["NAME": "value", "EMPTY": ""]
  )
  let isRefused = diagnostics.contains { $0.severity == .error }
  require((monitor == nil) == isRefused, "a file is refused exactly when it has errors")
  let lineCount = file.count(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) + 1
  for diagnostic in diagnostics {
    require((1...lineCount + 1).contains(diagnostic.line), "line \(diagnostic.line) is in the file")
    require(diagnostic.column >= 1, "column \(diagnostic.column)")
    require(!diagnostic.message.isEmpty, "a finding says what is wrong")
    _ = diagnostic.description
  }
  return 0
}
