import Connectors
import Events
import Foundation
import Ingest
import Records
import Testing

@testable import Agent
@testable import Monitoring

@Suite struct PipelineTests {
  @Test func `any number of threads and any batch find the same`() throws {
    let sample = try SampleStream()
    let path = try sample.write(sample.lines, as: "stream")
    let one = try sample.run([path], threads: 1, batch: 512)
    #expect(one.tally.lines == sample.lines.count)
    #expect(one.tally.events == sample.good)
    #expect(one.tally.ignored == sample.ignored)
    #expect(one.tally.refusedLines == sample.refused)
    #expect(one.tally.refused[.late] == 120)
    #expect(
      sample.good + sample.ignored + sample.refused + sample.blank == sample.lines.count
    )
    #expect(one.letters.count == sample.refused)
    #expect(!one.metrics.isEmpty)
    #expect(one.alerts.map(\.state).contains(.firing))
    for (threads, batch) in [(2, 512), (3, 7), (4, 4096), (1, 1)] {
      let other = try sample.run([path], threads: threads, batch: batch)
      let name = "\(threads) threads, batches of \(batch)"
      #expect(other.metrics == one.metrics, "\(name)")
      #expect(other.alerts == one.alerts, "\(name)")
      #expect(other.letters == one.letters, "\(name)")
      #expect(other.tally == one.tally, "\(name)")
      #expect(other.summary == one.summary, "\(name)")
    }
  }

  @Test func `dead letters come in the order of their lines, each with its bytes`() throws {
    let sample = try SampleStream()
    let path = try sample.write(sample.lines, as: "stream")
    let result = try sample.run([path], threads: 2, batch: 64)
    var offset = 0
    var expected: [DeadLetter] = []
    for (index, line) in sample.lines.enumerated() {
      let reason: Refusal? =
        line.hasSuffix("\"ts\":1}") ? .late : line.hasSuffix("}") || line.isEmpty ? nil : .syntax
      if let reason {
        expected.append(
          DeadLetter(
            reason: reason,
            source: path,
            line: index + 1,
            offset: offset,
            length: line.utf8.count,
            raw: Array(line.utf8)
          )
        )
      }
      offset += line.utf8.count + 1
    }
    let places = result.letters.map { letter in
      var letter = letter
      letter.fault = nil
      return letter
    }
    #expect(places == expected)
    #expect(result.letters.allSatisfy { ($0.fault != nil) == ($0.reason == .syntax) })
  }

  @Test func `several files are counted as one stream, and each names its own lines`() throws {
    let sample = try SampleStream()
    let whole = try sample.run([sample.write(sample.lines, as: "whole")], threads: 1, batch: 512)
    let parts = [0, 1, 2].map { part in
      sample.lines.enumerated().filter { $0.offset % 3 == part }.map(\.element)
    }
    let paths = try parts.enumerated().map { try sample.write($1, as: "part-\($0)") }
    for threads in [1, 2] {
      let merged = try sample.run(paths, threads: threads, batch: 64)
      #expect(merged.metrics == whole.metrics)
      #expect(merged.alerts == whole.alerts)
      #expect(merged.tally.refused == whole.tally.refused)
      for letter in merged.letters {
        let part = try #require(paths.firstIndex(of: letter.source))
        #expect(letter.raw == Array(parts[part][letter.line - 1].utf8))
      }
    }
  }

  @Test func `a stream that breaks is named, and the others go on`() throws {
    let sample = try SampleStream()
    let path = try sample.write(sample.lines, as: "stream")
    let whole = try sample.run([path], threads: 1, batch: 512)
    let broken = try sample.run([path, sample.folder.path], threads: 2, batch: 512)
    #expect(broken.failures.count == 1)
    #expect(broken.failures[0].description.contains("Is a directory"))
    #expect(broken.metrics == whole.metrics)
    #expect(throws: StreamError.self) {
      try sample.run([path, path + ".absent"], threads: 1, batch: 1)
    }
  }

  @Test func `an empty stream is no error`() throws {
    let sample = try SampleStream()
    let result = try sample.run([sample.write([], as: "empty")], threads: 2, batch: 512)
    #expect(result.tally == StreamTally(timeField: "ts"))
    #expect(result.metrics.isEmpty)
    #expect(result.summary.contains("Nothing was counted"))
  }
}
