import Connectors
import Events
import Foundation
import Records
import TestSupport
import Testing

@testable import Agent

/// Dead letters that a thread of its own writes.
struct LetterSinkTests {
  private static func letters(_ lines: Range<Int>) -> [DeadLetter] {
    lines.map { line in
      DeadLetter(
        reason: .syntax,
        source: "s",
        line: line,
        offset: 10 * line,
        length: 9,
        raw: Array("no json \(line)".utf8)
      )
    }
  }

  private static func write(
    _ letters: [DeadLetter],
    to sink: any RecordSink
  ) throws(StreamError) {
    try sink.write(letters.count) { records in
      for letter in letters { records.add(key: letter.key, letter.write) }
    }
  }

  @Test(arguments: ["", ".gz"])
  func `rounds of few and many letters stand in the file in their order`(
    ending: String
  ) throws {
    let folder = try TemporaryFolder()
    let (own, other) = (folder.path("own\(ending)"), folder.path("other\(ending)"))
    let sinks: [any RecordSink] = [
      try LetterSink.open(own, .emptied), try FileSink.open(other, .emptied),
    ]
    var random = SeededGenerator(seed: 5)
    for sink in sinks {
      random = SeededGenerator(seed: 5)
      var line = 1
      for _ in 0..<60 {
        let count = [0, 1, 7, 64, 500].randomElement(using: &random) ?? 0
        try Self.write(Self.letters(line..<line + count), to: sink)
        try sink.flush(waits: Bool.random(using: &random))
        line += count
      }
      try sink.finish()
    }
    let made = try unpackedFile(own)
    #expect(try unpackedFile(other) == made)
    #expect(made.count > 100_000)
  }

  @Test func `what was handed over is in the file once it was waited for`() throws {
    let folder = try TemporaryFolder()
    let sink = try LetterSink.open(folder.path("letters"), .emptied)
    try Self.write(Self.letters(1..<5001), to: sink)
    #expect(try sink.settle() == 0)
    let made = try unpackedFile(folder.path("letters"))
    #expect(made.count { $0 == 0x0a } == 5000)
  }

  @Test func `what goes wrong on the thread is thrown by what is called next`() throws {
    let full = StreamError.cannotWrite(name: "/dev/full", errno: ENOSPC)
    for next in 0..<4 {
      let sink = try LetterSink.open("/dev/full", .emptied, usesThread: true)
      try Self.write(Self.letters(1..<400), to: sink)
      #expect(throws: full) {
        switch next {
        case 0: try sink.flush(waits: true)
        case 1: try sink.finish()
        case 2: _ = try sink.settle()
        default: try Self.write(Self.letters(1..<3), to: sink)
        }
      }
    }
  }
}
