import Connectors
import Foundation
import TestSupport
import Testing

@testable import Ingest

/// A log that is written, rotated, cut and packed while somebody reads it, or while nobody does.
@Suite struct FollowedFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("app.log") }

  init() throws { folder = try TemporaryFolder() }

  /// A follower that waits for nobody, and what it has read so far.
  private final class Reader {
    let source: FollowedFile
    private var chunk = LineChunk(capacity: 64)
    var notes: [String] = []
    var wasCut = false

    init(_ path: String, patience: Int64 = 0, clock: @escaping () -> Int64 = { 0 }) {
      source = FollowedFile(
        path: path,
        lineLimit: 1_000,
        goesOn: true,
        patience: patience,
        clock: clock
      )
    }

    /// The lines that are there.
    func read() throws -> [String] {
      var lines: [String] = []
      while !source.isAtEnd, source.isReadable {
        guard try source.next(into: &chunk, target: 200, waits: false) else { break }
        let text = unsafe chunk.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
        lines += text.split(separator: "\n").map(String.init)
      }
      notes += source.takeNotes()
      wasCut = source.takeCut() || wasCut
      return lines
    }

    /// Stops, and says where another one goes on.
    func stop() throws -> (lines: [String], mark: FileMark?) {
      source.endInput()
      let lines = try read()
      guard case .followed(let mark) = source.mark else { return (lines, nil) }
      return (lines, mark)
    }
  }

  private func append(_ text: String, to path: String? = nil) throws {
    let path = path ?? self.path
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: folder.path(from), toPath: folder.path(to))
  }

  /// Packs a file, whose name then ends in `.gz`.
  private func gzip(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", folder.path(name)]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static func line(_ number: Int) -> String { "{\"n\":\(number)}" }

  @Test func `a file that is not there is waited for, and a line for its end`() throws {
    let reader = Reader(path)
    #expect(try reader.read() == [])
    let absent = "\(path): there is no such file yet: it is read as soon as it is there"
    #expect(reader.notes == [absent])
    try append("{\"n\":1}\n{\"n\"")
    #expect(try reader.read() == [Self.line(1)])
    try append(":2}\n")
    #expect(try reader.read() == [Self.line(2)])
    #expect(reader.notes.count == 1 && !reader.wasCut)
  }

  @Test func `a renamed file is read on until its successor holds something`() throws {
    var now: Int64 = 0
    let reader = Reader(path, patience: 5) { now }
    try append("{\"n\":1}\n")
    #expect(try reader.read() == [Self.line(1)])
    try move("app.log", "app.log.1")
    try append("")
    try append("{\"n\":2}\n", to: folder.path("app.log.1"))
    #expect(try reader.read() == [Self.line(2)])
    try append("{\"n\":4}\n")
    try append("{\"n\":3}", to: folder.path("app.log.1"))
    #expect(try reader.read() == [])
    now = 5
    #expect(try reader.read() == [Self.line(3), Self.line(4)])
    #expect(reader.notes == [] && !reader.wasCut)
    try append("{\"n\":5}\n", to: folder.path("app.log.1"))
    #expect(try reader.read() == [])
    #expect(reader.wasCut)
    #expect(reader.notes.first?.contains("is still written to, and not read any more") == true)
  }

  @Test func `a file that its writer never leaves holds its successor up for a minute`() throws {
    var now: Int64 = 0
    let reader = Reader(path, patience: 5_000_000_000) { now }
    try append("{\"n\":0}\n")
    #expect(try reader.read().count == 1)
    try move("app.log", "app.log.1")
    try append("{\"n\":-1}\n")
    for second in 1..<60 {
      now = Int64(second) * 1_000_000_000
      try append("{\"n\":\(second)}\n", to: folder.path("app.log.1"))
      #expect(try reader.read() == [Self.line(second)])
    }
    now = 61_000_000_000
    #expect(try reader.read() == [Self.line(-1)])
  }

  @Test func `lines that copying and cutting left in the copy are read from it`() throws {
    let reader = Reader(path)
    try append("{\"n\":1}\n")
    #expect(try reader.read() == [Self.line(1)])
    try append("{\"n\":2}\n")
    try FileManager.default.copyItem(atPath: path, toPath: folder.path("app.log.1"))
    try Data().write(to: URL(filePath: path), options: [])
    let longer = "{\"n\":3,\"longer\":\"than what was there before\"}"
    try append(longer + "\n")
    #expect(try reader.read() == [Self.line(2), longer])
    #expect(reader.notes == [] && !reader.wasCut)
  }

  @Test func `a file that was emptied is told, and read from its start`() throws {
    let reader = Reader(path)
    try append("{\"n\":1}\n{\"n\":2}\n")
    #expect(try reader.read().count == 2)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 0)
    try append("{\"n\":3}\n")
    #expect(try reader.read() == [Self.line(3)])
    #expect(reader.wasCut)
    #expect(reader.notes.first?.contains("was cut after byte 16 was read") == true)
  }

  @Test func `a packed file has no more to come`() throws {
    try append("{\"n\":1}\n")
    try gzip("app.log")
    try move("app.log.gz", "app.log")
    let reader = Reader(path)
    #expect(try reader.read() == [Self.line(1)])
    #expect(try reader.read() == [])
    try FileManager.default.removeItem(atPath: path)
    try append("{\"n\":2}\n")
    #expect(try reader.read() == [Self.line(2)])
  }

  @Test func `an older file that cannot be read is told, and costs no other`() throws {
    let first = Reader(path)
    try append("{\"n\":1}\n")
    #expect(try first.read() == [Self.line(1)])
    let mark = try #require(try first.stop().mark)
    try move("app.log", "app.log-20261101")
    try append("{\"n\":2}\n")
    try gzip("app.log")
    try move("app.log.gz", "app.log-20261102.gz")
    let packed = URL(filePath: folder.path("app.log-20261102.gz"))
    try Data(contentsOf: packed).prefix(15).write(to: packed)
    try append("{\"n\":3}\n")
    let second = Reader(path)
    #expect(try second.source.resume(mark))
    #expect(try second.read() == [Self.line(3)])
    #expect(second.wasCut)
    #expect(second.notes.contains { $0.contains("damaged or cut gzip data") }, "\(second.notes)")
  }

  @Test func `what is gone when a process goes on is told`() throws {
    let first = Reader(path)
    try append("{\"n\":1}\n")
    #expect(try first.read() == [Self.line(1)])
    let mark = try #require(try first.stop().mark)
    try FileManager.default.removeItem(atPath: path)
    try append("{\"n\":2}\n")
    let second = Reader(path)
    #expect(try second.source.resume(mark))
    #expect(try second.read() == [Self.line(2)])
    #expect(second.wasCut)
    #expect(second.notes.first?.contains("the file that was read before is gone") == true)
  }

  /// Files are rotated at any time, in any way, also several times while nobody reads.
  @Test(arguments: [UInt64](1...12))
  func `every line is read once, in its order, through rotations and restarts`(seed: UInt64) throws
  {
    var random = SeededGenerator(seed: seed)
    var reader = Reader(path)
    var (written, read): ([String], [String]) = ([], [])
    var rest = ""
    var number = 0
    var names: [String] = []
    // Who has read nothing has nowhere to go on from.
    try append("{}\n")
    written.append("{}")
    read += try reader.read()
    for step in 0..<120 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4:
        // A piece of what is still to be written, cut anywhere.
        for _ in 0..<Int.random(in: 0...6, using: &random) {
          number += 1
          rest += Self.line(number) + "\n"
          written.append(Self.line(number))
        }
        let count = Int.random(in: 0...rest.count, using: &random)
        try append(String(rest.prefix(count)))
        rest.removeFirst(count)
      case 5, 6: read += try reader.read()
      case 7:
        // A line is never cut by a rotation: writers write whole ones.
        try append(rest)
        rest = ""
        for (place, name) in names.enumerated() where !name.hasSuffix(".gz") {
          guard place < names.count - 1, Bool.random(using: &random) else { continue }
          try gzip(name)
          names[place] += ".gz"
        }
        names.append("app.log-2026112900\(100 + step)")
        try move("app.log", names[names.count - 1])
        try append("")
      default:
        let (lines, mark) = try reader.stop()
        read += lines
        let next = Reader(path)
        if let mark { #expect(try next.source.resume(mark)) }
        #expect(reader.notes.isEmpty || reader.notes.allSatisfy { $0.contains("no such file") })
        reader = next
      }
    }
    try append(rest)
    for _ in 0..<3 { read += try reader.read() }
    let place = zip(read, written).enumerated().first { $1.0 != $1.1 }
    #expect(place == nil, "\(reader.notes) \(names)")
    #expect(read.count == written.count)
    #expect(!reader.wasCut)
  }

  @Test(arguments: [
    ("app.log.1", true), ("app.log.12.gz", true), ("app.log-20261129", true), ("app.log.old", true),
    ("app-2026-11-29.log", true), ("app-2026-11-29T10:00:00Z.log.zst", true), ("app.log.gz", true),
    ("app.log", false), ("app.logger", false), ("app.log.meta", false), ("application.log", false),
    ("app-errors.log", false), ("app.log.1.meta", false), ("other.log.1", false),
  ])
  func `names that rotation makes are told from others`(name: String, isOlder: Bool) {
    #expect(FileGenerations(of: "/var/log/app.log").isOlder(name) == isOlder)
  }
}
