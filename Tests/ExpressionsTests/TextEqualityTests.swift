import Events
import Testing

@testable import Expressions

/// Equality with a constant compares words of bytes: each byte of each length counts.
@Suite struct TextEqualityTests {
  @Test func `a text equals a constant when every byte does, whatever its length`() throws {
    for length in 0...20 {
      let text = String("abcdefghijklmnopqrstu".prefix(length))
      var table = CellTable()
      var cells = [table.string(text), table.string(text + "z"), table.string("z" + text)]
      for changed in 0..<length {
        var bytes = Array(text.utf8)
        bytes[changed] = UInt8(ascii: "#")
        cells.append(table.string(String(decoding: bytes, as: UTF8.self)))
      }
      table.columns["x"] = cells
      let holds = try table.rows("x == \"\(text)\"")
      #expect(holds.indices.filter { holds[$0] } == [0], "length \(length)")
    }
  }
}
