import Events
import Expressions
import Testing

@testable import Monitoring
@testable import Specification

struct EventClassifierTests {
  private static let lines = [
    #"{"kind":"p","n":1}"#, #"{"kind":"q","n":2}"#, #"{"n":3}"#, #"{"kind":"p","n":null}"#,
  ]

  private static func codes(_ conditions: [String?]) throws -> [UInt8] {
    var slots: [Schema.Slot] = []
    let mapped = try conditions.map { text in
      let when = try text.map { try EventPredicate.parse($0) }
      let read = (when?.fields ?? []).map { field in
        slots.append(Schema.Slot(path: field.path, form: field.form))
        return slots.count - 1
      }
      return EventClassifier.Mapped(kind: .prediction, when: when, slots: read)
    }
    var decoder = EventDecoder(schema: Schema(slots: slots))
    var columns = EventColumns(slotCount: slots.count)
    var kinds = [UInt8](repeating: 99, count: lines.count)
    unsafe withChunk(lines) { chunk in
      _ = unsafe decoder.decode(chunk, from: 0, atStreamStart: true, into: &columns)
      unsafe kinds.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe EventClassifier(mapped: mapped).classify(columns, chunk, into: base)
      }
    }
    return kinds
  }

  @Test func `an event is of a kind whose condition holds`() throws {
    #expect(try Self.codes([#"kind == "p""#]) == [1, 0, 0, 1])
    #expect(try Self.codes([#"kind == "p""#, "n >= 2"]) == [1, 1, 1, 1])
    #expect(try Self.codes(["n >= 2"]) == [0, 1, 1, 0])
  }

  @Test func `a kind without a condition takes what is left`() throws {
    #expect(try Self.codes([nil]) == [1, 1, 1, 1])
    #expect(try Self.codes([#"kind == "q""#, nil]) == [1, 1, 1, 1])
    #expect(try Self.codes([]) == [0, 0, 0, 0])
  }
}
