import Foundation
import Testing
import TestSupport

/// `leeway feedback` as a process: files in, files out, words, exit codes.
@Suite struct FeedbackTests {
  private static func fixture(_ name: String) -> String {
    Repository.path("fixtures/feedback/\(name)")
  }

  private static func run(_ words: String...) throws -> LeewayProcess.Outcome {
    try LeewayProcess.run(["feedback", "--format"] + words)
  }

  private static func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test func `requests become tasks of each tool, and other records are counted`() throws {
    for (tool, isArray) in [("label-studio", true), ("argilla", true), ("ground-truth", false)] {
      let done = try Self.run(tool, Self.fixture("requests.ndjson"))
      #expect(done.code == 0)
      #expect(done.errors == "-: 4 tasks, 1 passed over, of 5 elements\n")
      if isArray {
        let array = try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [Any]
        #expect(array?.count == 4)
      } else {
        #expect(try Self.objects(done.output).count == 4)
      }
    }
  }

  @Test(arguments: [
    ("label-studio", "label-studio.json", 4, 1), ("label-studio", "label-studio-min.json", 3, 0),
    ("label-studio", "label-studio-webhooks.ndjson", 4, 1), ("argilla", "argilla.json", 4, 1),
    ("ground-truth", "output.manifest.ndjson", 3, 1),
  ])
  func `every shape of answers becomes outcomes`(
    tool: String,
    file: String,
    count: Int,
    skipped: Int
  ) throws {
    let time = tool == "argilla" ? ["--time", "2026-11-29T12:00:00Z"] : []
    let done = try LeewayProcess.run(
      ["feedback", "-q", "--format", tool, "--answers", Self.fixture(file)] + time
    )
    #expect(done.code == 0 && done.errors.isEmpty, "\(done.errors)")
    let outcomes = try Self.objects(done.output)
    #expect(outcomes.count == count)
    #expect(outcomes.count { $0["skipped"] as? Bool == true } == skipped)
    #expect(outcomes.allSatisfy { $0["kind"] as? String == "outcome" })
    #expect(outcomes.allSatisfy { ($0["label"] is NSNull) == ($0["skipped"] as? Bool) })
    #expect(outcomes.first?["id"] as? String == "50000")
    #expect(outcomes.first?["label"] as? String == "1")
  }

  @Test func `the exports of one project say the same`() throws {
    let export = try Self.run("label-studio", "--answers", Self.fixture("label-studio.json"))
    let bodies = try Self.run(
      "label-studio",
      "--answers",
      Self.fixture("label-studio-webhooks.ndjson")
    )
    #expect(export.output == bodies.output)
    let rows = try Self.run("label-studio", "--answers", Self.fixture("label-studio-min.json"))
    let answered = export.output.split(separator: "\n").filter { $0.contains("\"skipped\":false") }
    #expect(rows.output.split(separator: "\n") == answered)
  }

  @Test func `what cannot be read ends with 1 and is said, the rest is written`() throws {
    let folder = try TemporaryFolder()
    let export = try text(of: Self.fixture("label-studio.json"))
    let cut = try folder.write(String(export.dropLast(900)), as: "cut.json")
    let output = folder.path("outcomes.ndjson")
    let done = try Self.run("label-studio", "--answers", cut, "-o", output)
    #expect(done.code == 1)
    let lines = done.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 2, "\(done.errors)")
    #expect(lines[0].hasPrefix("\(cut):"), "\(done.errors)")
    #expect(lines[0].hasSuffix("the file ends within it: export it again"), "\(done.errors)")
    #expect(lines[1].hasPrefix("\(output): "), "\(done.errors)")
    #expect(try Self.objects(text(of: output)).count >= 2)
  }

  @Test func `findings beyond a hundred are counted, and nothing in them steers a terminal`() throws
  {
    let folder = try TemporaryFolder()
    let bad = #"{"type":"relabel_request","request_id":"\u001b[31m","prediction_id":"1"}"#
    let lines = Array(repeating: bad, count: 250).joined(separator: "\n")
    let done = try Self.run("label-studio", try folder.write(lines, as: "requests"), "-q")
    #expect(done.code == 1)
    #expect(done.output == "[]\n")
    #expect(done.errors.split(separator: "\n").count == 101)
    #expect(done.errors.hasSuffix("and 150 more\n"))
    #expect(!done.errors.contains("\u{1b}") && done.errors.contains(#"\u{1b}[31m"#))
  }

  @Test func `standard input and packed files are read, packed files are written`() throws {
    let folder = try TemporaryFolder()
    let packed = folder.path("tasks.json.gz")
    let requests = Self.fixture("requests.ndjson")
    let piped = try LeewayProcess.run(
      ["feedback", "-q", "--format", "argilla", "-o", packed],
      input: .file(requests)
    )
    #expect(piped.code == 0 && piped.errors.isEmpty)
    let unpacked = try Shell.run("zcat tasks.json.gz; gzip -c '\(requests)' > r.gz", in: folder)
    let plain = try Self.run("argilla", folder.path("r.gz"), "-q")
    #expect(plain.output == unpacked.output && plain.output.hasPrefix("[\n{"))
  }

  @Test func `a damaged stream ends with 1, and its array is whole all the same`() throws {
    let folder = try TemporaryFolder()
    let requests = Self.fixture("requests.ndjson")
    _ = try Shell.run(
      "for i in $(seq 4000); do cat '\(requests)'; done | gzip -1 | head -c 9000 > cut.gz",
      in: folder
    )
    let done = try Self.run("label-studio", folder.path("cut.gz"), "-q")
    #expect(done.code == 1)
    #expect(done.errors.contains("cut gzip data"), "\(done.errors)")
    let array = try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [Any]
    #expect((array?.count ?? 0) > 100)
  }

  @Test func `no output destroys its input`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("{}\n", as: "a")
    for words in [[file, "-o", file], ["--answers", file, "-o", file]] {
      let done = try LeewayProcess.run(["feedback", "--format", "ground-truth"] + words)
      #expect(done.code == 64, "\(done.errors)")
      #expect(try text(of: file) == "{}\n")
    }
  }

  @Test func `the memory does not grow with the stream`() throws {
    let folder = try TemporaryFolder()
    let requests = Self.fixture("requests.ndjson")
    let bodies = Self.fixture("label-studio-webhooks.ndjson")
    // 40 MB of requests, and an array of 36 MB, in 192 MiB of addresses, the program among them.
    _ = try Shell.run("yes \"$(cat '\(requests)')\" | head -n 160000 > many", in: folder)
    _ = try Shell.run(
      "(echo '['; yes \"$(sed 's/$/,/' '\(bodies)')\" | head -n 40000; echo ']') > array",
      in: folder
    )
    let command = "'\(LeewayProcess.executable)' feedback --format label-studio"
    let done = try Shell.run(
      "ulimit -v 196608; \(command) many -o tasks.json && "
        + "\(command) --answers array -o outcomes.ndjson",
      in: folder
    )
    #expect(done.errors.contains("tasks.json: 128,000 tasks"), "\(done.errors)")
    #expect(done.errors.contains("outcomes.ndjson: 40,000 outcomes"), "\(done.errors)")
  }
}
