import Foundation

/// How many mutations a seed has; a long run asks for more by the environment.
enum FuzzRounds {
  static let fromEnvironment =
    ProcessInfo.processInfo.environment["LEEWAY_FUZZ_ROUNDS"].flatMap { Int($0) }
}
