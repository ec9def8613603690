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

  @Test func `what is there is followed, and what comes is read from its beginning`() throws {
    try append("a1", to: "a.log")
    try append("hidden", to: ".b.log")
    try append("other", to: "c.txt")
    let reader = LogReader(folder.path("*.log"))
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
    let reader = LogReader(pattern)
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
    let reader = LogReader(folder.path(letters))
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
    let reader = LogReader(folder.path("app*"))
    #expect(try reader.read() == ["new"])
    #expect(reader.names == ["app.log"] && reader.notes == [])
  }

  @Test func `a log that came and was rotated before it was found is read whole`() throws {
    try append("a", to: "a.log")
    let reader = LogReader(folder.path("*.log"))
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
    let next = LogReader(folder.path("*.log"), earlier: reader.earlier)
    try next.resume(reader.marks)
    #expect(try next.read() == ["c2", "c3"])
    #expect(next.notes == [] && !next.wasCut)
  }

  @Test func `where a log is not there at a start, what it was is no log of its own`() throws {
    let reader = LogReader(folder.path("app*"))
    try append("1", to: "app.log")
    #expect(try reader.read() == ["1"])
    try move("app.log", "app.log.1")
    try append("2", to: "app.log")
    var found = try reader.read()
    found += try reader.read()
    #expect(found == ["2"])
    try move("app.log.1", "app.log.2")
    try move("app.log", "app.log.1")
    try append("3", to: "app.log.1")
    let next = LogReader(folder.path("app*"), earlier: reader.earlier)
    try next.resume(reader.marks)
    #expect(try next.read() == ["3"])
    try append("4", to: "app.log")
    found = try next.read()
    found += try next.read()
    #expect(found == ["4"] && next.names == ["app.log"] && !next.wasCut)
  }

  @Test func `what was deleted while nobody ran is told of once`() throws {
    let reader = LogReader(folder.path("*.log"))
    try append("1", to: "a.log")
    try append("1", to: "b.log")
    #expect(try reader.read() == ["1", "1"])
    try remove("a.log")
    let next = LogReader(folder.path("*.log"), earlier: reader.earlier)
    try next.resume(reader.marks)
    #expect(try next.read() == [] && next.wasCut)
    #expect(next.notes.contains { $0.contains("a.log: the file that was read before is gone") })
    #expect(next.marks.keys.map { $0.suffix(5) } == ["b.log"])
    // What was deleted while it ran was read, and is not missed.
    try remove("b.log")
    for _ in 0..<2 {
      next.wait(seconds: 120)
      #expect(try next.read() == [])
    }
    #expect(next.marks == [:])
  }

  @Test func `a file that gets a name which no rotation gives goes on there`() throws {
    let reader = LogReader(folder.path("*.log"))
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
    let reader = LogReader(folder.path("app*"))
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
    let reader = LogReader(
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
    let named = LogReader(
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
    let reader = LogReader(folder.path("*.log"))
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
    let reader = LogReader(folder.path("*.log"))
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
    let reader = LogReader(folder.path("*.log"))
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

  @Test func `that nobody knows whether an older file was read is told`() throws {
    try append("1", to: "a.log.1")
    try append("2", to: "a.log")
    // Another process has followed it, and no log goes on with its file.
    let earlier = EarlierLogs(time: LogReader.now + 1_000_000_000, names: [folder.path("a.log")])
    let reader = LogReader(folder.path("*.log"), earlier: earlier)
    #expect(try reader.read() == ["2"] && reader.wasCut)
    #expect(reader.notes.count == 1)
    #expect(reader.notes.first?.contains("a.log.1 was read is not known: it is not read") == true)
  }

  @Test func `what is excluded is not read, and what looks like an older file is told of`() throws {
    try append("1", to: "worker.log")
    try append("2", to: "worker-1.log")
    try append("3", to: "debug.log")
    let patterns = [
      LogPatterns(include: [folder.path("*.log")], exclude: [folder.path("debug*")])
    ]
    let reader = LogReader(patterns)
    #expect(try reader.read() == ["1"])
    let doubtful = folder.path("worker-1.log")
    #expect(
      reader.notes == [
        "\(doubtful): it is taken for an older file of \(folder.path("worker.log")) and not read as "
          + "a log of its own: name it in include where it is one"
      ]
    )
    // By its name it is one, also when the other is rotated.
    let both = LogReader(patterns, named: [doubtful])
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
    let reader = LogReader(folder.path("*.log"))
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
