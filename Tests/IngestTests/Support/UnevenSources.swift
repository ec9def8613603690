import Connectors

@testable import Ingest

/// A file in memory that another process goes on with.
final class FileLike: EventSource {
  let name = "log"
  private var pieces: [String]
  private var offset: Int

  init(_ pieces: [String], _ before: String) {
    self.pieces = pieces
    offset = before.utf8.count
  }

  var isAtEnd: Bool { pieces.isEmpty }
  var mark: SourceMark { .followed(nil) }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    guard !pieces.isEmpty else { return false }
    let bytes = Array(pieces.removeFirst().utf8)
    chunk.fill(bytes, at: offset)
    offset += bytes.count
    return true
  }
}

/// A source that loses lines, or breaks behind its last chunk.
final class BrokenSource: EventSource {
  let name = "broken"
  private var pieces: [String]
  private let cutBefore: Int?
  private var taken = 0

  init(_ pieces: [String], cutBefore: Int? = nil) {
    self.pieces = pieces
    self.cutBefore = cutBefore
  }

  var isAtEnd: Bool { false }

  func takeCut() -> Bool { taken - 1 == cutBefore }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    guard taken < pieces.count else { throw .cannotRead(name: name, offset: 0, errno: 5) }
    chunk.fill(Array(pieces[taken].utf8), at: taken)
    taken += 1
    return true
  }
}
