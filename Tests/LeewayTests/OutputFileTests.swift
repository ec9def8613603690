import Foundation
import TestSupport
import Testing

/// Outputs destroy nothing: no input, no other output, no file that is there already.
@Suite struct OutputFileTests {
  /// A model in a folder of its own, with other names for its files.
  private struct Files {
    let folder: TemporaryFolder
    let log: String
    let monitor: String
    let profile: String
    /// The log, the monitor and the profile by names that they were not given.
    let others: [String]

    init() throws {
      let small = try SmallModel.shared.get()
      folder = try TemporaryFolder()
      log = folder.path("log")
      monitor = folder.path("monitor.yaml")
      profile = folder.path("profile")
      let files = FileManager.default
      try files.copyItem(atPath: small.reference, toPath: log)
      try files.copyItem(atPath: small.monitor, toPath: monitor)
      try files.copyItem(atPath: small.profile, toPath: profile)
      try files.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "log")
      try files.linkItem(atPath: profile, toPath: folder.path("hard"))
      others = [
        folder.path("./log"), folder.path("link"), folder.path("hard"), monitor,
        folder.path("../\(folder.url.lastPathComponent)/log"),
      ]
    }

    var contents: [Data] {
      get throws { try [log, monitor, profile].map { try Data(contentsOf: URL(filePath: $0)) } }
    }

    /// What comes of a command, and whether every input is as it was.
    func outcome(_ arguments: [String]) throws -> LeewayProcess.Outcome {
      let before = try contents
      let outcome = try LeewayProcess.run(arguments)
      #expect(try contents == before, "\(arguments)")
      return outcome
    }
  }

  @Test func `an output that is an input by any name is refused before it is opened`() throws {
    let files = try Files()
    let watched = ["-q", "-m", files.monitor, "--profile", files.profile, files.log]
    for other in files.others {
      for option in ["--alerts", "--metrics", "--dead-letters", "--report", "-o"] {
        let outcome = try files.outcome(["replay", option, other] + watched)
        #expect(outcome.code == 64, "\(option) \(other): \(outcome.errors)")
        #expect(outcome.errors.contains("writing there would destroy it"), "\(outcome.errors)")
      }
      for option in ["--alerts", "--snapshot"] {
        #expect(try files.outcome(["run", option, other] + watched).code == 64)
      }
    }
    for output in [files.log, files.monitor] {
      let words = ["-q", "-m", files.monitor, files.log, "--force"]
      #expect(try files.outcome(["profile", "-o", output] + words).code == 64)
      let letters = ["--dead-letters", output, "-o", files.folder.path("new")]
      #expect(try files.outcome(["profile"] + letters + words).code == 64)
    }
    #expect(try files.outcome(["init", "--force", files.log, "-o", files.others[1]]).code == 64)
    let described = Repository.path("fixtures/payments/payments.stream.yaml")
    let copy = try files.folder.write(text(of: described), as: "some.stream.yaml")
    #expect(try LeewayProcess.run(["generate", copy, "-o", copy]).code == 64)
    #expect(try text(of: copy) == text(of: described))
  }

  @Test func `standard input has its file's name, too`() throws {
    let files = try Files()
    let before = try files.contents
    let outcome = try LeewayProcess.run(["init", "-o", files.log], input: .file(files.log))
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(try files.contents == before)
  }

  @Test func `two outputs are two files, by whatever names, and devices are nobody's`() throws {
    let files = try Files()
    let watched = ["-q", "-m", files.monitor, "--profile", files.profile, files.log]
    try FileManager.default.createSymbolicLink(
      atPath: files.folder.path("later"),
      withDestinationPath: "new"
    )
    let new = files.folder.path("new")
    for other in [new, files.folder.path("./new"), files.folder.path("later")] {
      let outcome = try files.outcome(["replay", "--metrics", new, "--alerts", other] + watched)
      #expect(outcome.code == 64, "\(other): \(outcome.errors)")
      #expect(outcome.errors.contains("are one file: give each its own."), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: new))
    }
    // The file that becomes the snapshot is one, too.
    let snapshot = ["--metrics", new + ".part", "--snapshot", files.folder.path("./new")]
    #expect(try files.outcome(["run"] + snapshot + watched).code == 64)
    let devices = ["--metrics", "/dev/null", "--alerts", "/dev/null", "--dead-letters", "-"]
    #expect(try files.outcome(["replay"] + devices + watched).code == 0)
  }

  @Test func `a monitor and a profile that are there stay without a word of force`() throws {
    let files = try Files()
    let first = try files.outcome(["init", "-q", files.log, "-o", files.folder.path("profile")])
    #expect(first.code == 64)
    #expect(first.errors.contains("give --force to replace it, or another name"))
    let started = files.folder.path("started.yaml")
    #expect(try files.outcome(["init", "-q", files.log, "-o", started]).code == 0)
    #expect(try files.outcome(["init", "-q", files.log, "-o", started]).code == 64)
    #expect(try files.outcome(["init", "-q", "--force", files.log, "-o", started]).code == 0)
    let profiling = ["profile", "-q", "-m", files.monitor, files.log, "-o"]
    #expect(try files.outcome(profiling + [files.profile]).code == 64)
    #expect(try files.outcome(profiling + [files.profile, "--force"]).code == 0)
    // An edited monitor is no profile, and force does not make it one.
    let edited = try text(of: started)
    let refused = try files.outcome(profiling + [started, "--force"])
    #expect(refused.code == 64)
    #expect(refused.errors.contains("a file that is not a profile"), "\(refused.errors)")
    #expect(try text(of: started) == edited)
    let empty = try files.folder.write("", as: "empty")
    #expect(try files.outcome(profiling + [empty]).code == 0)
  }
}
