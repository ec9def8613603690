import Connectors

@testable import Ingest

/// Lines in memory, handed out as they were cut.
final class MemorySource: EventSource {
  let name: String
  private var pieces: [[UInt8]]
  private var offset = 0
  /// About how many bytes were wanted last.
  private(set) var target = 0
  let progress: (read: Int, total: Int)?

  init(_ name: String, _ pieces: [String], isRepeatable: Bool = true) {
    self.name = name
    self.pieces = pieces.map { Array($0.utf8) }
    progress = isRepeatable ? (0, 1) : nil
  }

  var isAtEnd: Bool { pieces.isEmpty }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    guard !pieces.isEmpty else { return false }
    let bytes = pieces.removeFirst()
    self.target = target
    chunk.fill(bytes, at: offset)
    offset += bytes.count
    return true
  }
}
