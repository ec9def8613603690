import Foundation
import Records
import TestSupport
import Testing

extension SeededGenerator {
  /// A number in `0..<limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

@Suite struct OutputTests {
  @Test func `what is written is read back by another reader`() throws {
    var random = SeededGenerator(seed: 21)
    for _ in 0..<300 {
      var json = JSONWriter()
      let text = String(
        String.UnicodeScalarView(
          (0..<random.below(20)).compactMap { _ in
            Unicode.Scalar(UInt32(random.below(random.below(3) == 0 ? 0x11_0000 : 0x90)))
          }
        )
      )
      let number = Double(bitPattern: random.next())
      json.beginObject()
      json.member(text, text)
      json.member("number", number)
      json.member("integer", Int(truncatingIfNeeded: random.next()))
      json.name("list")
      json.beginArray()
      json.value(true)
      json.null()
      json.value(Int.min)
      json.beginArray()
      json.endArray()
      json.endArray()
      json.member("nothing", nil as String?)
      json.endObject()
      json.endLine()
      #expect(json.bytes.last == 0x0a)
      #expect(json.bytes.dropLast().allSatisfy { $0 >= 0x20 })
      let read = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
      let object = try #require(read)
      if text != "number", text != "integer" { #expect(object[text] as? String == text) }
      #expect(object["nothing"] is NSNull)
      #expect((object["list"] as? [Any])?.count == 4)
      if number.isFinite {
        // Foundation's own reading of numbers is not exact: the text is.
        let read = try #require((object["number"] as? NSNumber)?.doubleValue)
        #expect(abs(read - number) <= 1e-13 * abs(number))
        let written =
          String(decoding: json.bytes, as: UTF8.self)
          .split(separator: "\"number\":").last?.prefix { $0 != "," } ?? ""
        #expect(Double(written) == number)
      } else {
        #expect(object["number"] is NSNull)
      }
    }
  }

  @Test func `all control characters are escaped as RFC 8259 asks`() throws {
    var json = JSONWriter()
    json.value(String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar($0) })))
    let text = String(decoding: json.bytes, as: UTF8.self)
    #expect(text.hasPrefix("\"\\u0000\\u0001"))
    #expect(text.contains("\\t\\n\\u000b\\u000c\\r\\u000e"))
    #expect(text.contains("\\u001f !\\\"#"))
    #expect(text.contains("[\\\\]"))
    let read = try JSONSerialization.jsonObject(
      with: Data(json.bytes),
      options: .fragmentsAllowed
    )
    #expect((read as? String)?.unicodeScalars.count == 0x80)
  }

  @Test func `numbers are written as the shortest text that reads back`() {
    let cases: [(Double, String)] = [
      (0, "0"), (1200, "1200"), (-3, "-3"), (0.1, "0.1"), (1.0 / 3, "0.3333333333333333"),
      (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, "null"), (.nan, "null"),
      (999_999_999_999_999, "999999999999999"),
    ]
    for (number, text) in cases {
      var json = JSONWriter()
      json.value(number)
      #expect(String(decoding: json.bytes, as: UTF8.self) == text)
    }
  }

  @Test func `base64 is Foundation's`() {
    var random = SeededGenerator(seed: 22)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8(random.below(256)) }
      #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }
  }
}
