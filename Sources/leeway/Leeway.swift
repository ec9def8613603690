import ArgumentParser

/// The command line of Leeway.
@main
struct Leeway: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leeway",
    abstract: "Watches production machine-learning models for drift."
  )
}
