extension Monitor {
  /// Reads and checks a monitor file.
  ///
  /// All mistakes are reported at once, in order of their places.
  ///
  /// - Parameters:
  ///   - bytes: The file's content, UTF-8.
  ///   - file: Its name, for the diagnostics.
  ///   - environment: What `${NAME}` in scalars stands for.
  /// - Returns: The monitor, `nil` when there is an error; and the findings.
  public static func load(
    bytes: [UInt8],
    file: String,
    environment: [String: String]
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    (nil, [])
  }
}
