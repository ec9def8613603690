import Arguments

/// What is said of files that are there already.
enum ReplacingOptions {
  static let force = Parameter(
    "force",
    form: .flag,
    help: "Replace a file that is there already."
  )
}
