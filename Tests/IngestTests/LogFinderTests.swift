import Connectors
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ingest

/// Logs that patterns name, written, rotated, copied, linked and deleted, while somebody reads them or
/// while nobody does.
@Suite struct LogFinderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One who reads all that patterns name, and keeps marks of it.
  private final class Reader {
    private let finder: LogFinder
    private var sources: [any EventSource] = []
    private var chunk = LineChunk(capacity: 64)
    private var hasBegun = false
    var notes: [String] = []
    var wasCut = false
    /// Tells the finder that it is time to look, and logs that they were patient.
    private final class Clock { var now: Int64 = 0 }
    private let clock = Clock()

    init(_ patterns: [LogPatterns], named: [String] = [], since: Int64? = nil) {
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
        since: since
      ) { clock.now }
    }

    convenience init(_ pattern: String, since: Int64? = nil) {
      self.init([LogPatterns(include: [pattern])], since: since)
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
  }

  private func append(_ lines: String..., to name: String) throws {
    let path = folder.path(name)
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    try file.close()
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: folder.path(from), toPath: folder.path(to))
  }

  private func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder.path(name))
  }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  @Test func `what is there is followed, and what comes is read from its beginning`() throws {
    try append("a1", to: "a.log")
    try append("hidden", to: ".b.log")
    try append("other", to: "c.txt")
    let reader = Reader(folder.path("*.log"))
    #expect(try reader.read() == ["a1"])
    try append("d1", "d2", to: "d.log")
    try append("a2", to: "a.log")
    #expect(try reader.read().sorted() == ["a2", "d1", "d2"])
    try append("d3", to: "d.log")
    #expect(try reader.read() == ["d3"])
    #expect(reader.names == ["a.log", "d.log"])
    #expect(reader.notes == [] && !reader.wasCut)
  }

  @Test func `a pattern that takes nothing, and a folder that is missing, are told of once`() throws
  {
    let pattern = folder.path("later/*.log")
    let reader = Reader(pattern)
    #expect(try reader.read() == [] && reader.names == [])
    #expect(try reader.read() == [])
    #expect(reader.notes == ["\(pattern): there is no such file yet: what comes is read"])
    let path = folder.path("later")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try append("x", to: "later/x.log")
    #expect(try reader.read() == ["x"])
    #expect(reader.notes.count == 1)
  }

  @Test(arguments: ["*.log", "app*"])
  func `rotation by renaming within the pattern reads each line once`(_ letters: String) throws {
    let reader = Reader(folder.path(letters))
    var expected: [String] = []
    var found: [String] = []
    for turn in 0..<5 {
      for number in 0..<3 {
        try append("\(turn)-\(number)", to: "app.log")
        expected.append("\(turn)-\(number)")
        if number == 1 { found += try reader.read() }
      }
      for number in stride(from: 4, to: 0, by: -1) {
        let (one, other) = ("app.log.\(number)", "app.log.\(number + 1)")
        if FileManager.default.fileExists(atPath: folder.path(one)) { try move(one, other) }
      }
      try move("app.log", "app.log.1")
    }
    try append("last", to: "app.log")
    for _ in 0..<12 { found += try reader.read() }
    #expect(found == expected + ["last"])
    #expect(reader.names == ["app.log"])
    #expect(reader.notes.filter { !$0.contains("no such file") } == [] && !reader.wasCut)
  }

  @Test func `what an older process did not read of rotated files is no log of its own`() throws {
    try append("old", to: "app.log.2")
    try append("older", to: "app-2026-11-29.log")
    try append("new", to: "app.log")
    let reader = Reader(folder.path("app*"))
    #expect(try reader.read() == ["new"])
    #expect(reader.names == ["app.log"] && reader.notes == [])
  }

  @Test func `a log that came and was rotated before it was found is read whole`() throws {
    try append("a", to: "a.log")
    let reader = Reader(folder.path("*.log"))
    #expect(try reader.read() == ["a"])
    try append("b1", to: "b.log")
    try move("b.log", "b.log.1")
    try append("b2", to: "b.log")
    #expect(try reader.read() == ["b1", "b2"])
    // Also where nobody ran; what was there before is not read.
    try append("c1", to: "c.log")
    let past = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes(
      [.modificationDate: past],
      ofItemAtPath: folder.path("c.log")
    )
    try move("c.log", "c.log.2")
    try append("c2", to: "c.log.1")
    try append("c3", to: "c.log")
    let next = Reader(folder.path("*.log"), since: Self.now - 60_000_000_000)
    try next.resume(reader.marks)
    #expect(try next.read() == ["c2", "c3"])
    #expect(next.notes == [] && !next.wasCut)
  }

  @Test func `a file that gets a name which no rotation gives goes on there`() throws {
    let reader = Reader(folder.path("*.log"))
    try append("1", "2", to: "app.log")
    #expect(try reader.read() == ["1", "2"])
    try move("app.log", "kept.log")
    try append("3", to: "kept.log")
    try append("4", to: "app.log")
    var found = try reader.read()
    for _ in 0..<2 { found += try reader.read() }
    #expect(found == ["3", "4"])
    try append("5", to: "kept.log")
    try append("6", to: "app.log")
    #expect(try reader.read().sorted() == ["5", "6"])
    #expect(reader.names == ["app.log", "kept.log"])
    #expect(reader.notes == [] && !reader.wasCut)
  }

  @Test func `a log that is copied and cut is read on from its copy`() throws {
    let reader = Reader(folder.path("app*"))
    try append("1", to: "app.log")
    #expect(try reader.read() == ["1"])
    try append("2", to: "app.log")
    let manager = FileManager.default
    try manager.copyItem(atPath: folder.path("app.log"), toPath: folder.path("app.log.1"))
    #expect(unsafe truncate(folder.path("app.log"), 0) == 0)
    try append("3, and longer than what was there before", to: "app.log")
    #expect(try reader.read() == ["2", "3, and longer than what was there before"])
    #expect(try reader.read() == [])
    #expect(reader.names == ["app.log"] && reader.notes == [] && !reader.wasCut)
  }

  @Test func `one file is read once by links, by several patterns and by its name`() throws {
    try append("1", to: "a.log")
    let manager = FileManager.default
    let link = folder.path("current.log")
    try manager.createSymbolicLink(atPath: link, withDestinationPath: folder.path("a.log"))
    try manager.linkItem(atPath: folder.path("a.log"), toPath: folder.path("b.log"))
    let reader = Reader(
      [
        LogPatterns(include: [folder.path("*.log"), folder.path("a*")]),
        LogPatterns(include: [folder.path("?.log")]),
      ]
    )
    #expect(try reader.read() == ["1"] && reader.names == ["a.log"])
    // The link leads elsewhere: to a file that is a log of its own.
    try append("2", to: "c.log")
    try manager.removeItem(atPath: link)
    try manager.createSymbolicLink(atPath: link, withDestinationPath: folder.path("c.log"))
    #expect(try reader.read() == ["2"] && reader.names == ["a.log", "c.log"])
    #expect(reader.notes == [])
    let named = Reader(
      [LogPatterns(include: [folder.path("*.log")])],
      named: [folder.path("./c.log")]
    )
    #expect(try named.read().sorted() == ["1", "2"])
  }

  @Test func `a link to what no pattern takes is a log, also when it leads elsewhere`() throws {
    let manager = FileManager.default
    try append("1", to: "one.txt")
    let link = folder.path("pod.log")
    try manager.createSymbolicLink(atPath: link, withDestinationPath: folder.path("one.txt"))
    let reader = Reader(folder.path("*.log"))
    #expect(try reader.read() == ["1"])
    try append("2", to: "two.txt")
    try manager.removeItem(atPath: link)
    try manager.createSymbolicLink(atPath: link, withDestinationPath: folder.path("two.txt"))
    var found = try reader.read()
    found += try reader.read()
    #expect(found == ["2"] && reader.names == ["pod.log"])
  }

  @Test func `a file that is deleted is read to its end and let go, and its name begins anew`()
    throws
  {
    let reader = Reader(folder.path("*.log"))
    try append("1", to: "a.log")
    #expect(try reader.read() == ["1"])
    let file = try #require(FileHandle(forWritingAtPath: folder.path("a.log")))
    try file.seekToEnd()
    try file.write(contentsOf: Data("2\ntorn".utf8))
    try file.close()
    try remove("a.log")
    #expect(try reader.read() == ["2"])
    reader.wait(seconds: 120)
    var found = try reader.read()
    found += try reader.read()
    #expect(found == ["torn"])
    try append("3", to: "a.log")
    #expect(try reader.read() == ["3"])
    #expect(reader.names == ["a.log"])
    // A day without it.
    try remove("a.log")
    for _ in 0..<3 {
      reader.wait(seconds: 90_000)
      #expect(try reader.read() == [])
    }
    #expect(reader.marks == [:])
    try append("4", to: "a.log")
    #expect(try reader.read() == ["4"])
    #expect(reader.names == ["a.log", "a.log"])
  }

  @Test func `a file that was moved away is read on for a day after it last grew`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("archive"),
      withIntermediateDirectories: false
    )
    let reader = Reader(folder.path("*.log"))
    try append("1", to: "a.log")
    #expect(try reader.read() == ["1"])
    try move("a.log", "archive/a.log")
    for turn in 0..<3 {
      reader.wait(seconds: 80_000)
      try append("late \(turn)", to: "archive/a.log")
      #expect(try reader.read() == ["late \(turn)"])
    }
    reader.wait(seconds: 90_000)
    for _ in 0..<2 { #expect(try reader.read() == []) }
    #expect(reader.marks == [:] && !reader.wasCut)
  }

  @Test func `what is excluded is not read, and what looks like an older file is told of`() throws {
    try append("1", to: "worker.log")
    try append("2", to: "worker-1.log")
    try append("3", to: "debug.log")
    let patterns = [
      LogPatterns(include: [folder.path("*.log")], exclude: [folder.path("debug*")])
    ]
    let reader = Reader(patterns)
    #expect(try reader.read() == ["1"])
    let doubtful = folder.path("worker-1.log")
    #expect(
      reader.notes == [
        "\(doubtful): it is taken for an older file of \(folder.path("worker.log")) and not read as "
          + "a log of its own: name it in include where it is one"
      ]
    )
    // By its name it is one, also when the other is rotated.
    let both = Reader(patterns, named: [doubtful])
    #expect(try both.read().sorted() == ["1", "2"])
    try move("worker.log", "worker.log.1")
    try append("4", to: "worker.log")
    try append("5", to: "worker-1.log")
    var found = try both.read()
    found += try both.read()
    #expect(found.sorted() == ["4", "5"] && both.notes == [])
  }

  @Test func `no more logs are read than patterns may name, and that is told`() throws {
    for number in 0..<(LogFinder.fileLimit + 3) {
      let path = folder.path("\(number).log")
      #expect(FileManager.default.createFile(atPath: path, contents: Data("\(number)\n".utf8)))
    }
    let reader = Reader(folder.path("*.log"))
    #expect(try reader.read().count == LogFinder.fileLimit)
    #expect(
      reader.notes == [
        "include: \(LogFinder.fileLimit) logs are followed, and 3 more are not read: no more than "
          + "\(LogFinder.fileLimit) at a time are: exclude some, or run several agents"
      ]
    )
  }

  @Test func `a pattern is a shell's, and is known again however a path is spelled`() throws {
    let pattern = PathPattern("/var/log/*/app-[0-9]?.log")
    #expect(pattern.takes("/var/log/x/app-7a.log"))
    for other in ["/var/log/x/y/app-7a.log", "/var/log/.x/app-7a.log", "/var/log/x/app-xa.log"] {
      #expect(!pattern.takes(other))
    }
    try append("1", to: "a.log")
    let own = LogPatterns(include: [folder.path("*.log")], exclude: [folder.path("b*")])
    #expect(own.pattern(of: folder.path("./a.log")) == folder.path("*.log"))
    #expect(own.pattern(of: folder.path("new.log")) == folder.path("*.log"))
    #expect(own.pattern(of: folder.path("b.log")) == nil)
    #expect(own.pattern(of: folder.path("a.txt")) == nil)
  }
}
