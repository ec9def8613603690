import Agent
import ArgumentParser
import Monitoring

/// The command `leeway inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Print what a profile holds."
  )

  @Argument(help: "A profile that `leeway profile` wrote.")
  var file: String

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func run() throws {
    do {
      let profile = try Profile(decoding: readFile(file))
      print(json ? ProfileReport.json(profile) : ProfileReport.text(profile), terminator: "")
    } catch let error as ProfileError {
      note("\(file): \(error)")
      throw ExitCode(1)
    }
  }
}
