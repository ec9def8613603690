import Foundation
import Testing

@testable import Specification
import TestSupport
import YAML

@Suite struct LoaderFuzzTests {
  /// Mutations a seed; a long run asks for more by the environment.
  static let rounds =
    ProcessInfo.processInfo.environment["LEEWAY_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 400

  @Test(arguments: UInt64(1)...6)
  func `no bytes make the loader trap, and every finding has a place in the file`(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let sample = Array(SampleMonitor.text.utf8)
    let pieces = [
      "{", "}", "[", "]", ": ", "\n", "- ", "\"", "'", "|", ">", "&", "*", "!", "${", "{{", "\t",
      "%",
    ]
    .map { Array($0.utf8) }
    for _ in 0..<Self.rounds {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.removeSubrange(index..<min(index + 20, bytes.count))
        case 3:
          let end = Int.random(in: index..<bytes.count, using: &random)
          bytes.insert(contentsOf: bytes[index..<min(end, index + 60)], at: index)
        default: bytes.insert(contentsOf: pieces[index % pieces.count], at: index)
        }
        if bytes.isEmpty { bytes = [0x61] }
      }
      let (monitor, diagnostics) = Monitor.load(bytes: bytes, file: "f", environment: [:])
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
      #expect((monitor == nil) == diagnostics.contains { $0.severity == .error }, "seed \(seed)")
      for diagnostic in diagnostics {
        #expect((1...lines + 1).contains(diagnostic.line), "seed \(seed)")
        #expect(diagnostic.column >= 1, "seed \(seed)")
        #expect(!diagnostic.message.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<40)
  func `every beginning of a file is read without a trap`(_ part: Int) {
    let bytes = Array(SampleMonitor.text.utf8)
    let step = bytes.count / 40
    for count in (part * step)..<((part + 1) * step) {
      let (monitor, diagnostics) = Monitor.load(
        bytes: Array(bytes[..<count]),
        file: "f",
        environment: [:]
      )
      #expect(monitor != nil || !diagnostics.isEmpty)
    }
  }

  /// LibYAML's time grows with the square of some of these; the limits must come first.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "[", "{", "- ", "? ", "{a: ", "a: ", "\"", "a: \"\\\n", "k: {", "!t ", "&a ", "'\n", "|\n",
      "# c\n", "${A}", "a: ${A}", "%", "\n", " ", "a: |\n b\n", "x: {{a}}",
    ]
  )
  func `repetition is refused in time`(_ piece: String) {
    let content = String(repeating: piece, count: 100_000 / piece.utf8.count)
    let (monitor, diagnostics) = SampleMonitor.load(content)
    #expect(monitor == nil)
    #expect(!diagnostics.isEmpty)
  }
}
