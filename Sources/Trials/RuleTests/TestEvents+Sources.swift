internal import Connectors
internal import Ingest
internal import Monitoring
internal import Specification

extension TestEvents {
  /// About a batch of events: small enough that few panes are open.
  static let chunkBytes = 1 << 17

  /// Opens the events.
  ///
  /// - Parameter monitor: How lines are written, and how long they may be.
  /// - Returns: What they come from.
  /// - Throws: `StreamError` when a file cannot be opened.
  func source(_ monitor: Monitor) throws(StreamError) -> any EventSource {
    let source: any EventSource =
      switch self {
      case .file(let path): try FileSource(path: path, lineLimit: monitor.limits.lineBytes)
      case .lines(let bytes): WrittenSource(bytes)
      case .generated(let stream, let without, let times):
        GeneratedSource(StreamGenerator(stream, without: without, times: times))
      }
    return JoinedSource.joining(source, monitor)
  }

  /// The reference profile of all events.
  ///
  /// - Throws: `FileProblem` when there is nothing to profile.
  func profile(_ monitor: Monitor) throws(FileProblem) -> Profile {
    do {
      var profiling = try Profiling(monitor) { () throws(StreamError) in
        [try source(monitor)]
      }
      while profiling.readChunk() != nil {}
      let profile = try profiling.finish()
      return profiling.needsTable ? try profiling.withTable(profile) { _ in } : profile
    } catch {
      throw FileProblem("no reference: \(error)")
    }
  }
}

/// Lines that stand in a test file.
private final class WrittenSource: EventSource {
  let name = "input_events"
  private var bytes: [UInt8]?
  private let length: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    length = bytes.count
  }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    guard let bytes, !bytes.isEmpty else { return false }
    chunk.fill(bytes, at: 0)
    self.bytes = nil
    return true
  }

  var isAtEnd: Bool { bytes == nil }

  var progress: (read: Int, total: Int)? { (bytes == nil ? length : 0, length) }
}

/// Events that are made up as they are read.
private final class GeneratedSource: EventSource {
  let name = "input_events"
  private var generator: StreamGenerator
  private var offset = 0
  private(set) var isAtEnd = false

  init(_ generator: StreamGenerator) { self.generator = generator }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    var bytes: [UInt8] = []
    while bytes.count < target, generator.next(into: &bytes) {}
    isAtEnd = bytes.count < target
    guard !bytes.isEmpty else { return false }
    chunk.fill(bytes, at: offset)
    offset += bytes.count
    return true
  }

  /// They can be made up again; how many they will be nobody knows.
  var progress: (read: Int, total: Int)? { (offset, offset) }
}
