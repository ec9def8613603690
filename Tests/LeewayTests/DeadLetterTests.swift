import Foundation
import Testing
import TestSupport

/// Lines that cannot be used: each is counted once, and its letter says where it stands.
@Suite struct DeadLetterTests {
  struct Letter: Equatable {
    var reason: String
    var line: Int
    var offset: Int
    var length: Int
    var raw: Data?
  }

  /// A stream with every kind of line, good and bad, and what is expected of it.
  struct Mixed {
    var bytes = Data()
    var letters: [Letter] = []
    var lines = 0
    var good = 0
    var blank = 0
    var ignored = 0
    var random = SeededGenerator(seed: 11)
    let start = 1_700_000_000

    mutating func append(_ line: Data, ending: String = "\n", reason: String? = nil) {
      if let reason {
        letters.append(
          Letter(
            reason: reason,
            line: lines + 1,
            offset: bytes.count,
            length: line.count,
            raw: line.prefix(4096)
          )
        )
      }
      bytes += line + Data(ending.utf8)
      lines += 1
    }

    mutating func appendGood(at time: Int, ending: String = "\n") {
      append(Data(SmallModel.event(at: time, score: 0.5, &random).utf8), ending: ending)
      good += 1
    }

    static let bad: [(line: [UInt8], reason: String)] = [
      (Array("{\"ts\":1,".utf8), "syntax"),
      (Array("{\"ts\":01}".utf8), "syntax"),
      (Array("nonsense".utf8), "syntax"),
      (Array("{\"ts\":\"\u{1}\"}".utf8), "syntax"),
      ([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], "encoding"),
      (Array("[1,2]".utf8), "not_an_object"),
      (Array("3".utf8), "not_an_object"),
      (Array("{\"kind\":\"p\"}".utf8), "time_missing"),
      (Array("{\"kind\":\"p\",\"ts\":null}".utf8), "time_missing"),
      (Array("{\"kind\":\"p\",\"ts\":\"yesterday\"}".utf8), "time_invalid"),
      (Array("{\"kind\":\"p\",\"ts\":\"2262-04-11T23:47:16Z\"}".utf8), "time_invalid"),
      (Array("{\"kind\":\"p\",\"ts\":1600000000}".utf8), "late"),
      (Array("{\"kind\":\"p\",\"ts\":1900000000}".utf8), "far_future"),
      (Array("{\"a\":[[[[[[[[[1]]]]]]]]]}".utf8), "nesting"),
      (Array("{\"a\":\"\(String(repeating: "x", count: 9000))\"}".utf8), "line_too_long"),
    ]

    init(repeats: Int) {
      appendGood(at: start)
      for index in 1...repeats {
        let time = start + 10 * index
        appendGood(at: time, ending: index % 3 == 0 ? "\r\n" : "\n")
        if index % 4 == 0 {
          append(Data(), ending: index % 8 == 0 ? "\n" : "\r\n")
          blank += 1
        }
        if index % 5 == 0 {
          append(Data("{\"kind\":\"click\",\"ts\":\(time)}".utf8))
          ignored += 1
        }
        for _ in 0..<Int(random.next() % 3) {
          let (line, reason) = Self.bad[Int(random.next() % UInt64(Self.bad.count))]
          append(Data(line), reason: reason)
        }
      }
      for (line, reason) in Self.bad { append(Data(line), reason: reason) }
      append(Data("{\"cut".utf8), ending: "", reason: "syntax")
    }
  }

  @Test(arguments: [
    ["--batch", "512"], ["--batch", "1"], ["--batch", "3", "--threads", "2"], ["--threads", "3"],
  ])
  func `every line is counted once and every letter names its place`(options: [String]) throws {
    let small = try SmallModel.shared.get()
    let mixed = Mixed(repeats: 800)
    let folder = try TemporaryFolder()
    let stream = folder.path("mixed")
    try mixed.bytes.write(to: URL(filePath: stream))
    let letters = folder.path("letters")
    let outcome = try LeewayProcess.run(
      ["replay", stream, "--dead-letters", letters, "--allow-refused", "100%"]
        + small.arguments + options
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let got = try text(of: letters).utf8.split(separator: 0x0a).map { line in
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      #expect(object["type"] as? String == "dead_letter")
      #expect(object["source"] as? String == stream)
      return Letter(
        reason: object["reason"] as? String ?? "",
        line: object["line"] as? Int ?? 0,
        offset: object["offset"] as? Int ?? 0,
        length: object["length"] as? Int ?? 0,
        raw: Data(base64Encoded: object["raw"] as? String ?? "")
      )
    }
    #expect(got.count == mixed.letters.count)
    for (letter, expected) in zip(got, mixed.letters) {
      #expect(letter == expected)
      if letter != expected { break }
    }
    #expect(mixed.good + mixed.ignored + mixed.letters.count + mixed.blank == mixed.lines)
    let words =
      "Read: \(grouped(mixed.lines)) lines, \(grouped(mixed.good)) predictions, "
      + "\(grouped(mixed.ignored)) other events, \(grouped(mixed.letters.count)) refused:"
    #expect(outcome.errors.contains(words), "\(words)\n\(outcome.errors)")
    #expect(Set(got.map(\.reason)) == Set(Mixed.bad.map(\.reason)))
  }

  @Test func `a line far ahead closes no window, and late events are counted`() throws {
    let small = try SmallModel.shared.get()
    let folder = try TemporaryFolder()
    var random = SeededGenerator(seed: 2)
    var events = (0..<600).map {
      SmallModel.event(at: 1_700_000_000 + 10 * $0, score: 0.5, &random)
    }
    let usual = try folder.write(events.joined(separator: "\n"), as: "usual")
    for place in [400, 200, 10] {
      events.insert(SmallModel.event(at: 1_750_000_000, score: 0.5, &random), at: place)
    }
    let disturbed = try folder.write(events.joined(separator: "\n"), as: "disturbed")
    var metrics: [String] = []
    for stream in [usual, disturbed] {
      let path = stream + ".metrics"
      let outcome = try LeewayProcess.run(
        ["replay", stream, "--metrics", path] + small.arguments
      )
      #expect(outcome.errors.contains("far_future: 3") == (stream == disturbed))
      metrics.append(try text(of: path))
    }
    #expect(metrics[0] == metrics[1])
  }

  @Test func `letters without raw bytes are asked for in the monitor`() throws {
    let small = try SmallModel.shared.get()
    let monitor = try small.folder.write(
      SmallModel.monitorText + "\ndead_letters: {raw: false}\n",
      as: "no-raw.yaml"
    )
    let stream = try small.folder.write("nonsense\n", as: "nonsense")
    let outcome = try LeewayProcess.run([
      "replay", "-q", "-m", monitor, "--profile", small.profile, stream, "--dead-letters", "-",
    ])
    #expect(
      outcome.output
        == "{\"type\":\"dead_letter\",\"reason\":\"syntax\",\"source\":\"\(stream)\","
        + "\"line\":1,\"offset\":0,\"length\":8,\"fault\":{\"byte\":0}}\n"
    )
  }

  private func grouped(_ number: Int) -> String {
    number >= 1000
      ? "\(number / 1000),\(String(number % 1000 + 1000).dropFirst())" : "\(number)"
  }
}
