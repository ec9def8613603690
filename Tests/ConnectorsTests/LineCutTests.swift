import Events
import Foundation
import Testing

@testable import Connectors

/// Where a pipe was cut is chance: it must not change what becomes of a line.
@Suite struct LineCutTests {
  /// A line that could not be used: its place, its length, and why.
  private struct Refused: Equatable {
    var reason: Refusal
    var line: Int
    var offset: Int
    var length: Int
  }

  private static let limit = 24

  /// What the decoder makes of a stream that comes in two pieces.
  private struct Reading: Equatable {
    var rows = 0
    var lines = 0
    var refused: [Refused] = []

    init(_ bytes: [UInt8], cutAt cut: Int) throws {
      var ends: [Int32] = [-1, -1]
      #expect(unsafe pipe(&ends) == 0)
      let (output, input) = (ends[1], ends[0])
      defer { close(input) }
      var reader = LineReader(
        try ByteSource(path: "/dev/fd/\(input)", decompresses: false),
        lineLimit: LineCutTests.limit
      )
      let schema = Schema(slots: [Schema.Slot(path: try FieldPath(parsing: "a"), form: .value)])
      var limits = DecodingLimits()
      limits.lineBytes = LineCutTests.limit
      var decoder = EventDecoder(schema: schema, limits: limits)
      var chunk = LineChunk(capacity: 16)
      for piece in [bytes[..<cut], bytes[cut...]] {
        let count = unsafe piece.withUnsafeBytes {
          unsafe Glibc.write(output, $0.baseAddress, $0.count)
        }
        #expect(count == piece.count)
        if piece.endIndex == bytes.count { close(output) }
        var isGoingOn = !piece.isEmpty || piece.endIndex == bytes.count
        while isGoingOn {
          let isFilled = try reader.next(into: &chunk, target: 1 << 10, waits: false)
          if isFilled { decode(chunk, &decoder) }
          let hasMore = reader.hasBufferedInput
          let isAtEnd = reader.isAtEnd
          isGoingOn = piece.endIndex == bytes.count ? !isAtEnd : hasMore
        }
      }
    }

    private mutating func decode(_ chunk: LineChunk, _ decoder: inout EventDecoder) {
      var columns = EventColumns(slotCount: 1, rowCapacity: 16)
      var offset = 0
      let before = lines
      repeat {
        offset = unsafe chunk.withBytes { bytes in
          unsafe decoder.decode(
            bytes,
            from: offset,
            atStreamStart: chunk.isAtStreamStart,
            into: &columns
          )
        }
        rows += columns.rowCount
        lines += columns.linesSeen
        refused += columns.refused.map { refusal in
          Refused(
            reason: refusal.reason,
            line: before + refusal.line,
            offset: chunk.offset + refusal.offset,
            length: chunk.uncutLength ?? refusal.length
          )
        }
      } while offset < chunk.count
    }
  }

  /// An object of so many bytes.
  private static func event(_ length: Int) -> String {
    "{\"a\":\"" + String(repeating: "x", count: length - 8) + "\"}"
  }

  private static let heads = ["", "\u{FEFF}", event(10) + "\n", event(24) + "\r\n", "\n"]
  private static let lines: [String] =
    (22...27).map(event)
    + [" ", "\t"].flatMap { space in
      [20, 30].map { String(repeating: space, count: $0) + event(10) }
    }
    + [
      event(24) + "\rgarbage", event(23) + "\rgarbage", event(25) + "\r\r",
      event(24) + "\r\r", String(repeating: " ", count: 40), String(repeating: "\r", count: 26),
      String(repeating: "y", count: 60),
    ]
  private static let tails = ["", "\n", "\r\n", "\n" + event(12), "\r\n" + event(12) + "\n"]

  @Test(arguments: heads) func `a line is the same wherever the pipe was cut`(head: String) throws {
    for line in Self.lines {
      for tail in Self.tails {
        let bytes = Array((head + line + tail).utf8)
        guard !bytes.isEmpty else { continue }
        // One decoder that is given all at once needs no reader.
        let whole = try Reading(bytes, cutAt: 0)
        for cut in 1..<bytes.count {
          let reading = try Reading(bytes, cutAt: cut)
          #expect(reading == whole, "\(String(decoding: bytes, as: UTF8.self)) cut at \(cut)")
        }
      }
    }
  }

  @Test func `the return of a line's end is not counted, and garbage behind it is`() throws {
    let exact = Array((Self.event(24) + "\r\n").utf8)
    let longer = Array((Self.event(25) + "\r\n").utf8)
    let garbage = Array((Self.event(24) + "\rgarbage\n").utf8)
    for cut in 1..<exact.count {
      let reading = try Reading(exact, cutAt: cut)
      #expect(reading.rows == 1 && reading.refused.isEmpty, "cut at \(cut)")
      #expect(try Reading(longer, cutAt: cut).refused.map(\.length) == [25], "cut at \(cut)")
      let refused = try Reading(garbage, cutAt: cut).refused
      #expect(refused.map(\.reason) == [.lineTooLong] && refused.map(\.length) == [32])
    }
  }
}
