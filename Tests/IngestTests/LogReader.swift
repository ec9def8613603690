import Connectors
import Glibc
import Testing

@testable import Ingest

/// One who reads all that patterns name, and keeps marks of it.
final class LogReader {
  private let finder: LogFinder
  private var sources: [any EventSource] = []
  private var chunk = LineChunk(capacity: 64)
  private var hasBegun = false
  var notes: [String] = []
  var wasCut = false
  /// Tells the finder that it is time to look, and logs that they were patient.
  private final class Clock { var now: Int64 = 0 }
  private let clock = Clock()

  init(_ patterns: [LogPatterns], named: [String] = [], earlier: EarlierLogs? = nil) {
    let clock = clock
    let claims = LogClaims()
    for log in named {
      claims.reserve(log)
      let file = FollowedFile(path: log, lineLimit: 1_000, goesOn: true, claims: claims) {
        clock.now
      }
      sources.append(file)
    }
    finder = LogFinder(
      patterns,
      named: named,
      lineLimit: 1_000,
      goesOn: true,
      claims: claims,
      earlier: earlier
    ) { clock.now }
  }

  convenience init(_ pattern: String, earlier: EarlierLogs? = nil) {
    self.init([LogPatterns(include: [pattern])], earlier: earlier)
  }

  /// What the next one is told of this one, which looked a minute ago.
  var earlier: EarlierLogs {
    EarlierLogs(time: Self.now - 60_000_000_000, names: Array(marks.keys))
  }

  /// The names that are followed.
  var names: [String] { sources.map { String($0.name.split(separator: "/").last ?? "") } }

  /// Goes on where marks say, by the names; of use before anything was read.
  func resume(_ marks: [String: FileMark]) throws {
    begin()
    for source in sources {
      if let mark = marks[source.name] { #expect(try source.resume(mark)) }
    }
  }

  private func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    sources += finder.first()
  }

  /// The lines that are there, some seconds later: of each log in order.
  func read() throws -> [String] {
    begin()
    var lines: [String] = []
    for _ in 0..<3 {
      clock.now += 6_000_000_000
      sources += finder.serve()
      for source in sources {
        while !source.isAtEnd, source.isReadable {
          guard try source.next(into: &chunk, target: 200, waits: false) else { break }
          let text = unsafe chunk.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
          lines += text.split(separator: "\n").map(String.init)
        }
        notes += source.takeNotes()
        wasCut = source.takeCut() || wasCut
      }
      notes += finder.takeNotes()
    }
    return lines
  }

  /// Lets time pass.
  func wait(seconds: Int64) { clock.now += seconds * 1_000_000_000 }

  /// Where all stand, by their names.
  var marks: [String: FileMark] {
    var marks: [String: FileMark] = [:]
    for source in sources {
      if case .followed(let mark?) = source.mark { marks[source.name] = mark }
    }
    return marks
  }

  /// The time of day, in nanoseconds since 1970.
  static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
