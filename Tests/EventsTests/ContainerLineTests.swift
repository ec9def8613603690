import Testing

@testable import Events

/// What the container runtime says before a text.
@Suite struct ContainerLineTests {
  private static let time = "2026-01-31T12:00:00.123456789Z"

  private static func read(_ line: String) -> ContainerLine? {
    let bytes = Array(line.utf8)
    return unsafe bytes.withUnsafeBufferPointer { unsafe ContainerLine($0) }
  }

  /// The text behind the tags; `nil` where none was found.
  private static func text(_ line: String) -> String? {
    read(line).map { String(decoding: Array(line.utf8)[$0.text...], as: UTF8.self) }
  }

  @Test func `the stream, the tag and the text are told`() throws {
    let part = try #require(Self.read("\(Self.time) stdout P {\"a\": 1"))
    #expect(part.stream == .stdout && part.isPart)
    let whole = try #require(Self.read("\(Self.time) stderr F {}"))
    #expect(whole.stream == .stderr && !whole.isPart)
    #expect(Self.text("\(Self.time) stdout P {\"a\": 1") == "{\"a\": 1")
    #expect(Self.text("\(Self.time) stdout F   two spaces more") == "  two spaces more")
  }

  @Test(arguments: [
    "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.123456789+01:00",
    "2026-01-31T12:00:00-08:00",
  ])
  func `times have any number of digits, and zones`(time: String) {
    #expect(Self.text("\(time) stdout P x") == "x")
    #expect(Self.read("\(time) stdout F y")?.isPart == false)
  }

  @Test func `more tags may follow the first one`() {
    #expect(Self.text("\(Self.time) stdout P:a:b x") == "x")
    #expect(Self.text("\(Self.time) stdout F: x") == "x")
    #expect(Self.read("\(Self.time) stdout F:P x")?.isPart == false)
  }

  @Test(arguments: ["F", "P", "F ", "F\r", "P:a"])
  func `a line may have no text`(tags: String) {
    #expect(Self.text("\(Self.time) stdout \(tags)").map { $0.count <= 1 } == true)
  }

  @Test(arguments: [
    "", "{\"ts\": 1}", "2026-01-31 12:00:00 stdout P x", "\(time) stdout X x",
    "\(time) stdout PF x", "\(time) stdin P x", "\(time)  stdout P x", "\(time) stdout", "\(time)",
    "\(time) stdout P\tx", "2026-01-31T12:00:00.1234567890123456789 stdout P x",
    "\(time) stdout ", "2026-01-31T12:00 stdout P x", "2026- 1-31T12:00:00Z stdout P x",
    "2026-01-31T12:00:0 Z stdout P x", "2026-01-31T12:00:00.00\tZ stdout P x",
  ])
  func `what no container runtime has written is none`(line: String) {
    #expect(Self.read(line) == nil)
  }

  @Test func `lines are visited in order, the last one also without its end`() {
    let bytes = Array("a\n\n\(Self.time) stdout P x\nlast".utf8)
    var seen: [(Range<Int>, Bool)] = []
    unsafe bytes.withUnsafeBytes { all in
      unsafe ContainerLine.visit(all) { range, line in
        seen.append((range, line != nil))
        return true
      }
    }
    let end = bytes.count
    #expect(seen.map(\.0) == [0..<1, 2..<2, 3..<(end - 5), (end - 4)..<end])
    #expect(seen.map(\.1) == [false, false, true, false])
  }
}
