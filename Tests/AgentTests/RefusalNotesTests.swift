import Events
import Testing

@testable import Agent
@testable import Ingest

/// What `run` says of refused lines, and how often.
@Suite struct RefusalNotesTests {
  private func tally(_ refused: [(Refusal, line: Int)], lines: Int) -> StreamTally {
    var tally = StreamTally()
    tally.lines = lines
    for (reason, line) in refused {
      tally.refuse(reason, 0, line) {
        LineExample(
          stream: 0,
          source: "s",
          line: line + 1,
          offset: 10 * line,
          bytes: Array("{\u{1b}x".utf8)[...],
          isCut: true
        )
      }
    }
    return tally
  }

  @Test func `the first of each reason is said at once, counts at most once a minute`() {
    var notes = RefusalNotes()
    let second: Int64 = 1_000_000_000
    #expect(notes.take(tally([], lines: 5), now: 0) == [])
    let one = tally([(.syntax, 7), (.syntax, 3)], lines: 20)
    #expect(
      notes.take(one, now: second) == [
        "refused as syntax, not JSON (RFC 8259): mend the producer: first s, line 4, byte 30: "
          + "{\\u{1b}x…"
      ]
    )
    let more = tally([(.syntax, 3), (.syntax, 7), (.syntax, 21)], lines: 1_030)
    #expect(notes.take(more, now: 2 * second) == [])
    #expect(notes.take(more, now: 60 * second) == [])
    #expect(notes.take(more, now: 61 * second) == ["refused so far: 3 of 1,030 lines: syntax 3"])
    #expect(notes.take(more, now: 200 * second) == [])
    let both = tally([(.syntax, 3), (.late, 40)], lines: 2_000)
    // Less than before is nothing new; a reason that was not there before is.
    #expect(notes.take(both, now: 201 * second) == [])
    let all = tally([(.syntax, 3), (.syntax, 4), (.syntax, 5), (.late, 40)], lines: 2_000)
    #expect(notes.take(all, now: 202 * second).count == 1)
  }

  @Test func `the first line does not depend on the order in which tallies are added`() {
    let parts = [tally([(.late, 9)], lines: 1), tally([(.late, 2)], lines: 1)]
    var (one, other) = (StreamTally(), StreamTally())
    for part in parts { one.add(part) }
    for part in parts.reversed() { other.add(part) }
    #expect(one == other)
    #expect(one.firstRefused[.late]?.line == 3)
  }
}
