internal import Connectors
internal import Monitoring
internal import Specification

/// The events of a test, chunk by chunk: from a file, from the test file's lines, or made up.
final class EventFeed {
  private var reader: LineReader?
  private var generator: StreamGenerator?
  private var lines: [UInt8]?

  /// About a batch of events: small enough that few panes are open.
  private static let chunkBytes = 1 << 17

  /// Opens the events.
  ///
  /// - Throws: `FileProblem` when a file cannot be opened.
  init(_ source: EventSource, lineLimit: Int) throws(FileProblem) {
    switch source {
    case .file(let path):
      do throws(StreamError) {
        reader = LineReader(try ByteSource(path: path), lineLimit: lineLimit)
      } catch {
        throw FileProblem(error.description)
      }
    case .lines(let bytes): lines = bytes
    case .generated(let stream, let without, let times):
      generator = StreamGenerator(stream, without: without, times: times)
    }
  }

  /// The next lines; `nil` at the end.
  ///
  /// - Throws: `FileProblem` when the file is damaged.
  func next() throws(FileProblem) -> LineChunk? {
    if let bytes = lines {
      lines = nil
      return bytes.isEmpty ? nil : LineChunk(bytes)
    }
    if generator != nil {
      var bytes: [UInt8] = []
      while bytes.count < Self.chunkBytes, generator?.next(into: &bytes) == true {}
      return bytes.isEmpty ? nil : LineChunk(bytes)
    }
    do throws(StreamError) {
      var chunk = LineChunk(capacity: Self.chunkBytes)
      let isFilled = try reader?.next(into: &chunk, target: Self.chunkBytes, waits: true) ?? false
      return isFilled ? chunk : nil
    } catch {
      throw FileProblem(error.description)
    }
  }

  /// The reference profile of all events.
  ///
  /// - Throws: `FileProblem` when there is nothing to profile.
  static func profile(_ source: EventSource, _ monitor: Monitor) throws(FileProblem) -> Profile {
    let feed = try EventFeed(source, lineLimit: monitor.limits.lineBytes)
    var builder = ProfileBuilder(monitor)
    while let chunk = try feed.next() {
      unsafe chunk.withBytes { bytes in
        var offset = 0
        while offset < bytes.count {
          offset = unsafe builder.count(
            bytes,
            from: offset,
            atStreamStart: chunk.isAtStreamStart
          )
        }
      }
    }
    let profile: Profile
    do throws(ProfileError) {
      profile = try builder.finish()
    } catch {
      throw FileProblem("no reference: \(error)")
    }
    return monitor.reference.needsTable ? try withTable(profile, source, monitor) : profile
  }

  /// The profile with its counts by hour of the week and segment, from a second pass.
  private static func withTable(
    _ profile: Profile,
    _ source: EventSource,
    _ monitor: Monitor
  ) throws(FileProblem) -> Profile {
    let feed = try EventFeed(source, lineLimit: monitor.limits.lineBytes)
    var table: ReferenceTableBuilder
    do throws(PlanError) {
      table = try ReferenceTableBuilder(monitor, profile)
    } catch {
      throw FileProblem("no reference: \(error)")
    }
    while let chunk = try feed.next() {
      unsafe chunk.withBytes { bytes in
        var offset = 0
        while offset < bytes.count {
          offset = unsafe table.count(bytes, from: offset, atStreamStart: chunk.isAtStreamStart)
        }
      }
    }
    guard let profile = table.finish() else {
      throw FileProblem("no reference: the events changed between two readings")
    }
    return profile
  }
}
