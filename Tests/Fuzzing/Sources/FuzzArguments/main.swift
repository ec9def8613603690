import Arguments
import FuzzSupport

// Any words are either read or refused in a line; what is read reads the same when it is written
// with equal signs; and whatever the words, help is help.

private let parameters = [
  Parameter("monitor", "m", kind: .file, isRequired: true, help: "The monitor."),
  Parameter("output", "o", kind: .file, standard: "-", help: "Where to."),
  Parameter("threads", kind: .integer(1...64), standard: "1", help: "Threads."),
  Parameter("speed", kind: .positive, help: "Event seconds a second."),
  Parameter("without", "w", isRepeatable: true, help: "Leave out."),
  Parameter("shell", kind: .word(["bash", "zsh"]), help: "The shell."),
  Parameter("quiet", "q", form: .flag, help: "No notes."),
  Parameter("first", form: .operand, help: "One."),
  Parameter("rest", form: .operand, isRepeatable: true, help: "More."),
]
private let replay = Command("leeway replay", abstract: "Run.", parameters: parameters)
private let leeway = Command(
  "leeway",
  abstract: "Watch.",
  parameters: [Parameter("shell", kind: .word(["bash"]), help: "The shell.")],
  subcommands: [replay]
)

/// The words that give the same values, each in its longest form.
private func written(_ values: Values) -> [String] {
  var words: [String] = []
  var operands = ["--"]
  for parameter in parameters where values.has(parameter) {
    switch parameter.form {
    case .flag: words.append("--\(parameter.name)")
    case .option: words += values.texts(parameter).map { "--\(parameter.name)=\($0)" }
    case .operand: operands += values.texts(parameter)
    }
  }
  return words + operands
}

private func check(_ values: Values) {
  require((1...64).contains(values.integer(parameters[2])), "an integer is in its range")
  require(values.number(parameters[3]).map { $0 > 0 } ?? true, "a number is above 0")
  let again = try? replay.request(written(values))
  require(again == .run(values), "\(written(values)) gives the same values")
}

runFuzzer { bytes, count in
  // As in the system's own form, a zero byte ends a word.
  let words = unsafe UnsafeBufferPointer(start: bytes, count: count)
    .split(separator: 0, omittingEmptySubsequences: false)
    .map { unsafe String(decoding: $0, as: UTF8.self) }
  for command in [replay, leeway] {
    do throws(UsageError) {
      let request = try command.request(words)
      if case .run(let values) = request, values.command == replay.name { check(values) }
      require(try command.request(words) == request, "the same words ask for the same")
    } catch {
      require(error.description.contains("\nSee 'leeway"), "an error says where help is")
      let isHelped = (try? command.request(["--help"] + words)) == .help(command.help)
      require(isHelped, "help wins over what is wrong")
    }
  }
  return 0
}
