import Connectors
import Events
import Foundation
import Monitoring
import Sketches
import Specification
import TestSupport
import Testing

@testable import Ingest

/// The parts of lines that the container runtime has cut.
@Suite struct JoinedSourceTests {
  /// A line as it is handed on, and where it stood.
  private struct Line: Equatable {
    var text: String
    /// From 0; where it was found without places it is counted.
    var line: Int
    var offset: Int
    var uncutLength: Int?
  }

  private static let time = "2026-01-31T12:00:00.0Z"
  private static let lineLimit = 1_000

  private static func part(_ text: String, stream: String = "stdout") -> String {
    "\(time) \(stream) P \(text)\n"
  }

  private static func end(_ text: String, stream: String = "stdout") -> String {
    "\(time) \(stream) F \(text)\n"
  }

  /// What comes out of a source, by the lines that it hands on.
  private final class Reader {
    let source: any EventSource
    private var chunk = LineChunk(capacity: 64)
    /// The lines that were handed on so far, as a stream's position counts them.
    var counted = 0

    init(_ source: any EventSource) { self.source = source }

    func read(waits: Bool = false) throws -> [Line] {
      var found: [Line] = []
      while try source.next(into: &chunk, target: 100, waits: waits) {
        var start = 0
        var index = 0
        while start < chunk.count {
          let end = chunk.newline(from: start) ?? chunk.count
          let text = String(
            decoding: chunk.line(at: start, length: end - start),
            as: UTF8.self
          )
          let place =
            chunk.places?[index]
            ?? LinePlace(
              line: counted + chunk.joinedLines,
              offset: chunk.offset + start,
              uncutLength: chunk.uncutLength
            )
          found.append(
            Line(
              text: text,
              line: place.line,
              offset: place.offset,
              uncutLength: place.uncutLength
            )
          )
          start = end + 1
          index += 1
          counted += 1
        }
      }
      return found
    }
  }

  private static func joined(_ pieces: [String], goesOn: Bool = false) -> JoinedSource {
    JoinedSource(MemorySource("log", pieces), lineLimit: lineLimit, goesOn: goesOn)
  }

  private static func read(_ lines: [String]) throws -> [Line] {
    let source = joined([lines.joined()])
    let found = try Reader(source).read()
    #expect(source.isAtEnd)
    return found
  }

  // MARK: Joining

  @Test(arguments: [2, 5])
  func `the parts of a line are one line, at the place of the first`(count: Int) throws {
    let parts = (0..<count).map { number in
      number == count - 1 ? Self.end("\(number)}") : Self.part("\(number),")
    }
    let found = try Self.read(["first\n"] + parts + ["last\n"])
    let text = (0..<count).map { "\($0)" }.joined(separator: ",") + "}"
    #expect(found.map(\.text) == ["first", "\(Self.time) stdout F \(text)", "last"])
    #expect(found.map(\.line) == [0, 1, count + 1])
    #expect(found.map(\.offset) == [0, 6, 6 + parts.joined().utf8.count])
  }

  @Test func `stdout and stderr take turns, and each has its own parts`() throws {
    let found = try Self.read([
      Self.part("o1"), Self.part("e1", stream: "stderr"), Self.end("whole", stream: "stderr"),
      Self.part("o2"), Self.part("e2", stream: "stderr"), Self.end("o3"),
      Self.end("plain"), Self.end("e3", stream: "stderr"),
    ])
    #expect(
      found.map(\.text) == [
        "\(Self.time) stderr F e1whole", "\(Self.time) stdout F o1o2o3",
        "\(Self.time) stdout F plain", "\(Self.time) stderr F e2e3",
      ]
    )
    #expect(found.map(\.line) == [1, 0, 6, 4])
  }

  @Test func `empty parts, more tags and spaces are of the text as they stand`() throws {
    let found = try Self.read([
      "\(Self.time) stdout P:x {\n", Self.part(""), "\(Self.time) stdout P  two \n",
      "\(Self.time) stdout F\n",
    ])
    #expect(found.map(\.text) == ["\(Self.time) stdout F:x { two "])
  }

  @Test func `what is open at the end is handed on as a part, once`() throws {
    let found = try Self.read([
      "first\n", Self.part("o1"), Self.part("e1", stream: "stderr"), Self.part("o2"),
    ])
    #expect(
      found.map(\.text) == [
        "first", "\(Self.time) stdout P o1o2", "\(Self.time) stderr P e1",
      ]
    )
    #expect(found.map(\.line) == [0, 1, 2])
  }

  @Test func `of a line that is too long no more than a line may have is held`() throws {
    let text = String(repeating: "x", count: 400)
    let parts = (0..<20).map { _ in Self.part(text) }
    let source = Self.joined(parts + [Self.end(text), Self.end("next")])
    let reader = Reader(source)
    let found = try reader.read()
    let prefix = "\(Self.time) stdout F ".count
    #expect(found.map(\.text.utf8.count) == [Self.lineLimit + 2, prefix + 4])
    #expect(found.map(\.uncutLength) == [prefix + 21 * 400, nil])
    #expect(found.map(\.line) == [0, 21])
    let open = Self.joined(parts)
    var chunk = LineChunk(capacity: 64)
    #expect(try open.next(into: &chunk, target: 100, waits: false))
    #expect(chunk.count == Self.lineLimit + 3)
  }

  @Test func `a part that is too long by itself is one of a line that is`() throws {
    let long = String(repeating: "y", count: 3_000)
    let text = ["a\n", Self.part(long), Self.end("z"), Self.end(long), "b\n"].joined()
    let folder = try TemporaryFolder()
    let file = try FileSource(
      path: folder.write(text, as: "log"),
      lineLimit: Self.lineLimit
    )
    let source = JoinedSource(file, lineLimit: Self.lineLimit, goesOn: false)
    let found = try Reader(source).read(waits: true)
    let prefix = "\(Self.time) stdout F ".count
    let lengths = found.map { $0.uncutLength ?? $0.text.utf8.count }
    #expect(lengths == [1, prefix + 3_001, prefix + 3_000, 1])
    #expect(found.map(\.line) == [0, 1, 3, 4])
  }

  @Test func `a part that was broken off by an error is handed on before it`() throws {
    let source = JoinedSource(BrokenSource([Self.part("a")]), lineLimit: 100, goesOn: false)
    var chunk = LineChunk(capacity: 64)
    #expect(try source.next(into: &chunk, target: 100, waits: true))
    #expect(chunk.places == [LinePlace(line: 0, offset: 0)])
    #expect(throws: StreamError.self) {
      try source.next(into: &chunk, target: 100, waits: true)
    }
  }

  @Test func `behind lines that were lost no part belongs to one before them`() throws {
    let inner = BrokenSource([Self.part("a"), Self.end("b")], cutBefore: 1)
    let source = JoinedSource(inner, lineLimit: 100, goesOn: true)
    var chunk = LineChunk(capacity: 64)
    #expect(try source.next(into: &chunk, target: 100, waits: true))
    let text = unsafe chunk.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    #expect(text == Self.part("a") + Self.end("b"))
    #expect(source.takeCut())
    #expect(source.openLines?.isEmpty == true)
  }

  @Test func `nor where several monitors read the lines`() throws {
    let inner = BrokenSource([Self.part("a"), Self.part("b"), Self.end("c")], cutBefore: 2)
    let streams = SharedStreams([inner], groups: .none, rowsPerBatch: 16, workers: 1)
    let shared = try #require(streams.addReader(SiftingTests.plan("a")).sources.first)
    let source = JoinedSource(shared, lineLimit: 100, goesOn: false)
    streams.read()
    let found = try Reader(source).read()
    #expect(found.map(\.text) == ["\(Self.time) stdout P ab", "\(Self.time) stdout F c"])
    #expect(found.map(\.line) == [0, 2])
  }

  // MARK: Any cut

  /// A log of lines and parts, and what is to come of it.
  private static func log(_ seed: UInt64) -> (lines: [String], joined: [String]) {
    var random = SeededGenerator(seed: seed)
    var lines: [String] = []
    var joined: [String] = []
    var open: [String: String] = [:]
    for _ in 0..<200 {
      let stream = random.next() % 3 == 0 ? "stderr" : "stdout"
      let length = Int(random.next() % 40)
      let text = String((0..<length).map { _ in "{},: x\"".randomElement(&random) })
      switch random.next() % 5 {
      case 0...1:
        lines.append(part(text, stream: stream))
        open[stream, default: ""] += text
      case 2:
        lines.append("\(text)\n")
        joined.append(text)
      default:
        lines.append(end(text, stream: stream))
        joined.append("\(time) \(stream) F \(open[stream] ?? "")\(text)")
        open[stream] = nil
      }
    }
    return (lines, joined)
  }

  /// The lines in chunks of a random number each.
  private static func pieces(
    _ lines: ArraySlice<String>,
    _ random: inout SeededGenerator
  ) -> [String] {
    var pieces: [String] = []
    var rest = lines
    while !rest.isEmpty {
      let count = 1 + Int(random.next() % 9)
      pieces.append(rest.prefix(count).joined())
      rest = rest.dropFirst(count)
    }
    return pieces
  }

  @Test(arguments: [UInt64](1...40))
  func `where chunks end, and where another process goes on, changes nothing`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let (lines, expected) = Self.log(seed)
    let whole = try Self.read(lines)
    #expect(Array(whole.map(\.text).prefix(expected.count)) == expected, "seed \(seed)")
    let text = Array(lines.joined().utf8)
    for line in whole {
      // Each stands where its first part stands, whose time it begins with.
      let first = String(decoding: text[line.offset...].prefix(29), as: UTF8.self)
      let beginning = first.split(separator: "\n", omittingEmptySubsequences: false)[0]
      #expect(line.text.hasPrefix(beginning), "seed \(seed)")
    }
    #expect(try Reader(Self.joined(Self.pieces(lines[...], &random))).read() == whole)

    var found: [Line] = []
    var open = OpenLines()
    var counted = 0
    var start = 0
    let cuts = (0..<5).map { _ in Int(random.next() % UInt64(lines.count)) }.sorted()
    for cut in cuts + [lines.count] {
      let inner = FileLike(Self.pieces(lines[start..<cut], &random), lines[..<start].joined())
      let source = JoinedSource(inner, lineLimit: Self.lineLimit, goesOn: cut < lines.count)
      let state = try OpenLines(decoding: open.encoded())
      #expect(source.resume(state, after: counted))
      let reader = Reader(source)
      reader.counted = counted
      found += try reader.read()
      #expect(source.isAtEnd)
      counted = reader.counted
      open = try #require(source.openLines)
      start = cut
    }
    #expect(found == whole, "seed \(seed)")
  }

  @Test func `what a state holds is sealed, and opened with the same key`() throws {
    let source = Self.joined([Self.part("secret")])
    var chunk = LineChunk(capacity: 64)
    let waiting = JoinedSource(FileLike([Self.part("secret")], ""), lineLimit: 100, goesOn: true)
    #expect(try !waiting.next(into: &chunk, target: 100, waits: false))
    #expect(try source.next(into: &chunk, target: 100, waits: false))
    let open = try #require(waiting.openLines)
    let key = KeyedHash(key: Array("a key of sixteen".utf8))
    let sealed = open.sealed(by: key)
    let bytes = sealed.encoded()
    #expect(String(decoding: open.encoded(), as: UTF8.self).contains("secret"))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
    #expect(try OpenLines(decoding: bytes).opened(by: key) == open)
    #expect(sealed.opened(by: KeyedHash(key: Array("another of sixteen".utf8))).isEmpty)
    for count in 0..<bytes.count {
      #expect(throws: (any Error).self) { try OpenLines(decoding: Array(bytes.prefix(count))) }
    }
  }

  // MARK: Around other sources

  @Test func `a log that is rotated between the parts of a line loses none`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("first\n" + Self.part("a,"), as: "0.log")
    let follow = {
      FollowedFile(
        path: path,
        lineLimit: Self.lineLimit,
        goesOn: true,
        patience: 0,
        clock: { 0 }
      )
    }
    let one = JoinedSource(follow(), lineLimit: Self.lineLimit, goesOn: true)
    let reader = Reader(one)
    #expect(try reader.read().map(\.text) == ["first"])
    try FileManager.default.moveItem(atPath: path, toPath: path + ".20260131-120000")
    _ = try folder.write(Self.part("b,"), as: "0.log")
    #expect(try reader.read().isEmpty)
    one.endInput()
    #expect(try reader.read().isEmpty)
    #expect(one.isAtEnd && one.tornBytes > 0)
    guard case .followed(let mark?) = one.mark else {
      Issue.record("no mark")
      return
    }

    // It is rotated once more while nobody reads, and another process goes on.
    try FileManager.default.moveItem(atPath: path, toPath: path + ".20260131-130000")
    _ = try folder.write(Self.end("c}") + "next\n", as: "0.log")
    let two = JoinedSource(follow(), lineLimit: Self.lineLimit, goesOn: true)
    #expect(try two.resume(mark))
    #expect(two.resume(try #require(one.openLines), after: reader.counted))
    let other = Reader(two)
    other.counted = reader.counted
    let found = try other.read()
    #expect(found.map(\.text) == ["\(Self.time) stdout F a,b,c}", "next"])
    #expect(found.map(\.line) == [1, 4])
    #expect(found.map(\.offset) == [6, Self.end("c}").utf8.count])
  }

  @Test func `lines are sorted when their parts are joined, and keep their places`() throws {
    let text = """
      model: m
      events: {prefix: cri, prediction: {time: {field: ts, unit: s}, score: x}}
      windows: {hour: {size: 1h}}
      reference: {profile: p}
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
    let monitor = try #require(loaded.monitor, "\(loaded.diagnostics)")
    let lines = [
      Self.part("{\"ts\":17000"), Self.end("plain", stream: "stderr"), Self.end("00009,\"x\":1}"),
      Self.end("{\"ts\":1700000005,\"x\":1}"), Self.part("{\"ts\":1"), Self.part("7000"),
      Self.end("00001,\"x\":2}"), Self.part("open"),
    ]
    let joined = JoinedSource.joining([MemorySource("log", lines)], monitor)
    let sorted = SortedSource(try #require(joined.first), monitor, memory: 1 << 20)
    #expect(JoinedSource.joining(sorted, monitor) is SortedSource)
    let found = try Reader(sorted).read()
    #expect(found.map(\.line) == [1, 4, 7, 3, 0])
    #expect(found[1].text.hasSuffix("{\"ts\":1700000001,\"x\":2}"))
    // A line without a time stays behind the one before it.
    #expect(found[2].text == "\(Self.time) stdout P open")
  }
}

extension String {
  /// One of its characters.
  fileprivate func randomElement(_ random: inout SeededGenerator) -> Character {
    self[index(startIndex, offsetBy: Int(random.next() % UInt64(count)))]
  }
}
