/// What was given for the parameters of a command, each value of its parameter's kind.
///
/// Asking for a parameter that the command does not have, or in another kind, is a mistake of the
/// caller's code and traps.
public struct Values: Sendable, Equatable {
  /// The command's name.
  public let command: String
  private let parameters: [Parameter]
  private var given: [String: [String]] = [:]

  init(of command: Command) {
    self.command = command.name
    parameters = command.parameters
  }

  mutating func insert(_ value: String, for parameter: Parameter) {
    if !parameter.isRepeatable { given[parameter.name] = nil }
    given[parameter.name, default: []].append(value)
  }

  /// Whether a parameter was given.
  public func has(_ parameter: Parameter) -> Bool { given[known(parameter)] != nil }

  /// The values of a parameter in their order; its standard where none was given.
  public func texts(_ parameter: Parameter) -> [String] {
    given[known(parameter)] ?? parameter.standard.map { [$0] } ?? []
  }

  /// The value of a parameter; its standard, or nothing, where none was given.
  public func text(_ parameter: Parameter) -> String? { texts(parameter).last }

  /// The value of a parameter that is required or has a standard.
  public func required(_ parameter: Parameter) -> String {
    guard let text = text(parameter) else {
      preconditionFailure("\(parameter.spelling) is neither required nor has it a standard")
    }
    return text
  }

  /// The value of a parameter that is an integer and is required or has a standard.
  public func integer(_ parameter: Parameter) -> Int {
    guard let value = Int(required(parameter)) else {
      preconditionFailure("\(parameter.spelling) is no integer")
    }
    return value
  }

  /// The value of a parameter that is a number.
  public func number(_ parameter: Parameter) -> Double? { text(parameter).flatMap(Double.init) }

  /// The value of a parameter that is a share and is required or has a standard.
  public func share(_ parameter: Parameter) -> Double {
    guard let share = Parameter.share(required(parameter)) else {
      preconditionFailure("\(parameter.spelling) is no share")
    }
    return share
  }

  private func known(_ parameter: Parameter) -> String {
    precondition(parameters.contains(parameter), "\(command) has no \(parameter.spelling)")
    return parameter.name
  }
}
