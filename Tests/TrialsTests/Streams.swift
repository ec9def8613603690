import Foundation
import Monitoring
import Testing
import Trials
import YAML

/// A stream from its text, which must be right.
func stream(_ text: String) throws -> StreamSpecification {
  let (stream, diagnostics) = StreamSpecification.load(
    bytes: Array(text.utf8),
    file: "s.stream.yaml",
    environment: [:]
  )
  return try #require(stream, "\(diagnostics.map(\.description).joined(separator: "\n"))")
}

/// The lines of a stream.
func lines(_ stream: StreamSpecification, without: Set<String> = []) -> [String] {
  var generator = StreamGenerator(stream, without: without)
  var bytes: [UInt8] = []
  while generator.next(into: &bytes) {}
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// The events of a stream, decoded.
func events(
  _ stream: StreamSpecification,
  without: Set<String> = []
) throws -> [[String: Any]] {
  try lines(stream, without: without).map { line in
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}

/// The members of a name.
func members<Value>(_ events: [[String: Any]], _ name: String, _ type: Value.Type) -> [Value] {
  events.compactMap { $0[name] as? Value }
}
