import Events
import Specification
import Testing

@testable import Survey

/// Numbers that are not written as JSON writes them: with a decimal comma, or not finite.
@Suite struct WrittenNumberTests {
  /// A feature beside one that is an ordinary number.
  private static func log(_ value: @escaping (Int) -> String) -> SampleLog {
    SampleLog(200) { #""features":{"a":\#(value($0)),"b":\#($0 % 50)},"score":0.\#(10 + $0 % 80)"# }
  }

  private static func starter(_ value: @escaping (Int) -> String) throws -> StarterMonitor {
    _ = try log(value).monitor()
    return try log(value).starter()
  }

  private static let comma = "- {field: features.a, type: number, from: text, decimal: comma}"

  @Test(arguments: [
    "55,01", "0,5", "0,123", "1234,567", "-7,05", "12,3", "+0,25", "1000,5",
  ])
  func `a column of decimal commas is a number`(sample: String) throws {
    // The digits of each value differ, and their places do not.
    let starter = try Self.starter { index in
      let digits = sample.map { $0.isNumber && $0 != "0" ? "\(1 + (index * 7 + 3) % 9)" : "\($0)" }
      return "\"\(digits.joined())\""
    }
    #expect(starter.text.contains(Self.comma), "\(starter.text)")
    #expect(
      starter.warnings.contains(
        "features.a: numbers in texts, with a decimal comma: the monitor reads them so"
      )
    )
  }

  @Test func `whole numbers among them, and another length of the fraction, change nothing`() throws
  {
    let starter = try Self.starter { index in
      index % 9 == 0 ? "\"\(index)\"" : "\"\(index),\(index % 2 == 0 ? "05" : "5")\""
    }
    #expect(starter.text.contains(Self.comma), "\(starter.text)")
    #expect(starter.text.contains("number with a decimal comma, "))
  }

  @Test(arguments: ["1,234", "12,345", "123,456"])
  func `what may be thousands is left out, and both readings are told`(sample: String) throws {
    let starter = try Self.starter { index in
      let value = sample.map { $0 == "," ? "," : "\(1 + (index * 7 + 3) % 9)" }.joined()
      return index % 5 == 0 ? "\"\(100 + index)\"" : "\"\(value)\""
    }
    #expect(!starter.text.contains("- {field: features.a"), "\(starter.text)")
    let said = starter.warnings.filter { $0.hasPrefix("features.a: numbers whose comma may stand") }
    #expect(
      said.count == 1 && said[0].hasSuffix("decimal: comma}: left out"),
      "\(starter.warnings)"
    )
  }

  @Test(arguments: ["1,2", "3", "1,2,3"])
  func `lists of numbers are no fractions`(sample: String) throws {
    let lists = ["1,2", "3", "4,5", "7", "8,9", sample]
    let starter = try Self.starter { "\"\(lists[$0 % lists.count])\"" }
    #expect(!starter.text.contains("decimal: comma"), "\(starter.text)")
  }

  @Test func `a score and a latency with a decimal comma are read so`() throws {
    let log = SampleLog(200) {
      #""features":{"b":\#($0 % 50)},"score":"0,\#(10 + $0 % 80)","latency_ms":"\#($0 % 90),05""#
    }
    let monitor = try log.monitor()
    #expect(monitor.prediction.score?.description == "score")
    let text = try log.starter().text
    #expect(text.contains("score: {field: score, from: text, decimal: comma}"), "\(text)")
    #expect(
      text.contains("latency: {field: latency_ms, unit: ms, from: text, decimal: comma}"),
      "\(text)"
    )
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity", "\"NaN\"", "nan", "\"inf\"", "\"-Infinity\""])
  func `a number that is sometimes not finite stays one, and that is told`(word: String) throws {
    let starter = try Self.starter { $0 % 4 == 0 ? word : "\($0).5" }
    #expect(starter.text.contains("- {field: features.a, type: number}"), "\(starter.text)")
    #expect(starter.text.contains("number, 1.5 to 199.5, 25 % NaN or infinite"), "\(starter.text)")
    #expect(
      starter.warnings == [
        "features.a: 25 % of its values are NaN or infinite, which the monitor counts as invalid"
      ]
    )
  }

  @Test func `a field that is never finite is no feature`() throws {
    for word in ["NaN", "\"NaN\""] {
      let findings = try Self.log { _ in word }.findings()
      #expect(findings.reason("features.a") == "never a finite number in the sample")
    }
  }

  @Test func `a category stays one where it is sometimes not a number`() throws {
    let findings = try Self.log { $0 % 3 == 0 ? "\"NaN\"" : "\"\($0 % 2 == 0 ? "DE" : "FR")\"" }
      .findings()
    let choice = findings.features.first { $0.path.description == "features.a" }
    #expect(choice?.isKept == true && choice?.comment.hasPrefix("category, 3 values") == true)
  }

  @Test(arguments: ["None", "undefined", ".5", "\"a\u{1}b\"", #""\ud83d""#])
  func `a value that JSON does not have costs no line`(value: String) throws {
    let log = Self.log { $0 % 4 == 0 ? value : "\($0)" }
    #expect(try log.findings().refused == 0)
  }
}
