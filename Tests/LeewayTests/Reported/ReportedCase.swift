import Foundation
import TestSupport

/// A case after a public report: a folder of inputs with `run.sh`, which writes what is said.
///
/// The folder lies beside the repository and is not part of it. Every kind also has a stream of our
/// own in the suites of this folder, so that nothing hangs on it.
struct ReportedCase {
  /// The folder with the cases; `nil` where it is absent, which is told once.
  static let folder: URL? = {
    let folder = Repository.root.deletingLastPathComponent().appending(path: "shared/reports")
    guard FileManager.default.fileExists(atPath: folder.appending(path: "README.md").path) else {
      print("SKIPPED: the cases after public reports: no \(folder.path)")
      return nil
    }
    return folder
  }()

  /// What `run.sh` wrote, both streams together.
  let said: String

  /// Runs a case in a temporary folder of its own.
  ///
  /// - Parameters:
  ///   - name: The case's folder, as in `k05-nan-feature`.
  ///   - folder: Where the cases are.
  ///   - adapt: Changes the files before the run, such as a key that the monitor needs.
  /// - Throws: What the file system says.
  init(
    _ name: String,
    in folder: URL,
    adapt: (TemporaryFolder) throws -> Void = { _ in }
  ) throws {
    let copy = try TemporaryFolder()
    let scratch = try TemporaryFolder()
    let source = folder.appending(path: name)
    for file in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appending(path: file),
        to: copy.url.appending(path: file)
      )
    }
    try adapt(copy)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec sh ./run.sh 2>&1"]
    process.currentDirectoryURL = copy.url
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["LEEWAY": LeewayProcess.executable, "TMPDIR": scratch.url.path]
    ) { _, ours in ours }
    let output = scratch.path("said-by-the-run")
    try Data().write(to: URL(filePath: output))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    said = try String(contentsOfFile: output, encoding: .utf8)
  }
}
