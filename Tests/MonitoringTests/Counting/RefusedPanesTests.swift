import Events
import Sketches
import Testing

@testable import Monitoring

@Suite struct RefusedPanesTests {
  private func panes(_ lines: [(Refusal, Int)]) -> RefusedPanes {
    var panes = RefusedPanes()
    for (reason, pane) in lines { panes.insert(reason, pane: pane) }
    return panes
  }

  @Test func `counts add up, are taken by pane, and are written and read`() throws {
    var all = panes([(.syntax, 3), (.syntax, 3), (.late, 4), (.syntax, 7)])
    all.merge(panes([(.late, 4), (.encoding, 3)]))
    #expect(all.sum(in: 3..<5) == [.syntax: 2, .late: 2, .encoding: 1])
    var writer = ByteWriter()
    all.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try RefusedPanes(from: &reader) == all)
    let taken = all.take(through: 3)
    #expect(taken.sum(in: 0..<10) == [.syntax: 2, .encoding: 1])
    #expect(all.sum(in: 0..<10) == [.late: 2, .syntax: 1])
    all.drop(before: 5)
    #expect(all == panes([(.syntax, 7)]))
  }

  @Test func `bytes that are none are refused`() {
    for bytes in [[UInt8]](arrayLiteral: [1], [1, 0, 1, 1, 0x78, 1], [255, 255, 255, 255, 15]) {
      var reader = ByteReader(bytes)
      #expect(throws: CodingError.self) { try RefusedPanes(from: &reader) }
    }
  }
}
