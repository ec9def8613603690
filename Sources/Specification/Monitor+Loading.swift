public import YAML

extension Monitor {
  /// Reads and checks a monitor file.
  ///
  /// All mistakes are reported at once, in order of their places; no content traps.
  ///
  /// - Parameters:
  ///   - bytes: The file's content, UTF-8.
  ///   - file: Its name, for the diagnostics.
  ///   - environment: What `${NAME}` in scalars stands for.
  ///   - files: The files that it names, such as OpenSLO's.
  /// - Returns: The monitor, `nil` when there is an error; and the findings.
  public static func load(
    bytes: [UInt8],
    file: String,
    environment: [String: String],
    files: MonitorFiles = .none
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    let (root, findings) = YAMLFile.read(
      bytes: bytes,
      file: file,
      environment: environment,
      beginning: "a monitor, beginning with model: NAME"
    )
    let loader = MonitorLoader(findings: findings, files: files, environment: environment)
    let monitor = root.flatMap { loader.load($0) }
    return (findings.hasErrors ? nil : monitor, findings.diagnostics())
  }
}
