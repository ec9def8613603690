import Foundation
import TestSupport
import Testing

/// `leeway init` on logs of many shapes: what it writes passes `check`, `profile` and `replay`
/// untouched.
@Suite struct InitTests {
  /// A log, and what must be found in it.
  struct Log: CustomTestStringConvertible {
    var path: String
    var signals: [String]

    var testDescription: String { URL(filePath: path).lastPathComponent }

    init(_ path: String, _ signals: [String]) {
      self.path = path
      self.signals = signals
    }
  }

  static let fixtures = [
    Log(Repository.path("fixtures/flights/reference.ndjson.gz"), ["features.dep_delay", "score"]),
    Log(Repository.path("fixtures/flights/stream.ndjson.gz"), ["features.carrier", "decision"]),
    Log(Repository.path("fixtures/flights/reference.labels.ndjson.gz"), ["label"]),
    Log(
      Repository.path("fixtures/logs/kserve.ndjson.gz"),
      ["data.instances.0", "data.instances.3"]
    ),
    Log(
      Repository.path("fixtures/logs/sagemaker.ndjson.gz"),
      ["captureData.endpointInput.data.0", "captureData.endpointInput.data.6", "score"]
    ),
    Log(
      Repository.path("fixtures/logs/application.ndjson.gz"),
      ["input.tenure_months", "input.usage.3", "score", "decision", "latency", "failure"]
    ),
  ]

  /// The streams beside the repository; none, said aloud, where they are absent.
  static let shared: [Log] = {
    guard let streams = Repository.sharedStreams else { return [] }
    let folders = [streams, streams.deletingLastPathComponent().appending(path: "flights")]
    return folders.flatMap { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.filter { $0.hasSuffix(".ndjson.gz") }.sorted().map { name in
        Log(
          folder.appending(path: name).path,
          name.contains(".labels.") ? ["label"] : ["score", "decision"]
        )
      }
    }
  }()

  private func initialise(_ arguments: [String], _ file: String) throws -> LeewayProcess.Outcome {
    let outcome = try LeewayProcess.run(["init"] + arguments + ["-o", file])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let checked = try LeewayProcess.run(["check", "--strict", file])
    #expect(checked.code == 0, "\(checked.errors)")
    return outcome
  }

  private func replay(_ log: Log, _ file: String, _ folder: TemporaryFolder) throws -> [String: Int]
  {
    let metrics = folder.path("metrics")
    let replayed = try LeewayProcess.run([
      "replay", "-q", "-m", file, "--metrics", metrics, log.path,
    ])
    #expect(replayed.code == 0, "\(replayed.errors)")
    return try text(of: metrics).split(separator: "\n").reduce(into: [:]) { counts, line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      if record?["statistic"] as? String == "count", let signal = record?["signal"] as? String {
        counts[signal, default: 0] += 1
      }
    }
  }

  @Test(arguments: fixtures + shared)
  func `what is written passes check, profile and replay untouched`(log: Log) throws {
    let folder = try TemporaryFolder()
    let file = folder.path("monitor.yaml")
    let outcome = try initialise([log.path], file)
    #expect(outcome.errors.contains("leeway profile -m \(file) \(log.path)"))
    let profile = folder.path("monitor.profile")
    let profiled = try LeewayProcess.run(["profile", "-m", file, log.path, "-o", profile])
    #expect(profiled.code == 0, "\(profiled.errors)")
    #expect(!profiled.errors.contains("warning"), "\(profiled.errors)")
    let signals = try replay(log, file, folder)
    for signal in log.signals {
      #expect((signals[signal] ?? 0) > 0, "\(signal) is no signal of \(signals.keys.sorted())")
    }
  }

  @Test func `a log on standard input gives the same file as by its name`() throws {
    let folder = try TemporaryFolder()
    let log = Repository.path("fixtures/logs/application.ndjson.gz")
    let plain = try folder.write(
      String(decoding: Repository.unpacked(log), as: UTF8.self),
      as: "application.ndjson"
    )
    let named = try LeewayProcess.run(["init", "-q", plain])
    let piped = try LeewayProcess.run(["init", "-q"], input: .file(plain))
    #expect(named.code == 0 && piped.code == 0)
    let body = { (text: String) in text.split(separator: "\n").filter { !$0.hasPrefix("# of ") } }
    #expect(body(named.output) == body(piped.output))
    #expect(named.errors.isEmpty)
  }

  @Test func `fields that look like a person's are warned of and are no signals`() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("monitor.yaml")
    let outcome = try initialise([Repository.path("fixtures/logs/application.ndjson.gz")], file)
    #expect(outcome.errors.contains("warning: input.email: personal data?"))
    #expect(outcome.errors.contains("warning: http.client_ip: personal data?"))
    let monitor = try text(of: file)
    #expect(monitor.contains("# - input.email"))
    #expect(!monitor.contains("\n      - input.email") && !monitor.contains("example.com"))
  }

  @Test func `a log without a time is refused with its fields`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("{\"a\":1,\"b\":\"x\"}\n", as: "log.ndjson")
    let outcome = try LeewayProcess.run(["init", log])
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("no field is an event time") && outcome.errors.contains("a, b"))
    #expect(outcome.output.isEmpty)
  }

  @Test func `a SageMaker baseline becomes rules and a reference`() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("monitor.yaml")
    let log = Self.fixtures[4]
    let outcome = try initialise(
      [
        "--constraints", Repository.path("fixtures/logs/constraints.json"),
        "--statistics", Repository.path("fixtures/logs/statistics.json"), log.path,
      ],
      file
    )
    #expect(!outcome.errors.contains("leeway profile"))
    let signals = try replay(log, file, folder)
    for signal in log.signals { #expect((signals[signal] ?? 0) > 0) }
    let inspected = try LeewayProcess.run(["inspect", folder.path("monitor.profile")])
    #expect(inspected.code == 0 && inspected.output.contains("captureData.endpointInput.data.0"))
  }

  @Test func `statistics without constraints, or without a file to stand beside, are wrong usage`()
    throws
  {
    #expect(try LeewayProcess.run(["init", "--statistics", "s"]).code == 64)
    #expect(try LeewayProcess.run(["init", "--statistics", "s", "--constraints", "c"]).code == 64)
    #expect(try LeewayProcess.run(["init", "--lines", "0"]).code == 64)
  }
}
