import Events
import Testing

@testable import Records

/// What partitions are called, and where a dead letter says that its record is.
@Suite struct PartitionNameTests {
  @Test(arguments: [("predictions", 3), ("a.b_c-d", 0), ("t[1]", 12)])
  func `a name is read back`(topic: String, number: Int) {
    let name = PartitionName(topic: topic, number: number)
    #expect(PartitionName(name.description) == name)
  }

  @Test(arguments: ["-", "kafka:predictions", "kafka:p[x]", "kafka:p[-1]", "./kafka:p[1]", "p[1]"])
  func `another stream's name is none`(name: String) {
    #expect(PartitionName(name) == nil)
  }

  @Test func `a record's letter has its topic, partition and offset instead of a line`() {
    var letter = DeadLetter(
      reason: .syntax,
      source: "kafka:predictions[3]",
      line: 4712,
      offset: 77,
      length: 5,
      raw: nil
    )
    var json = JSONWriter()
    letter.write(to: &json)
    letter.source = "log"
    letter.write(to: &json)
    let expected = """
      {"type":"dead_letter","reason":"syntax","source":"kafka:predictions[3]",\
      "topic":"predictions","partition":3,"offset":4711,"length":5}
      {"type":"dead_letter","reason":"syntax","source":"log","line":4712,"offset":77,"length":5}

      """
    #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
  }
}
