import TestSupport
import Testing

@testable import Arguments

/// The words of a command line, read.
@Suite struct RequestTests {
  static let monitor = Parameter(
    "monitor",
    "m",
    kind: .file,
    isRequired: true,
    help: "The monitor."
  )
  static let output = Parameter("output", "o", kind: .file, standard: "-", help: "Where to.")
  static let threads = Parameter("threads", kind: .integer(1...64), standard: "1", help: "Threads.")
  static let speed = Parameter("speed", kind: .positive, help: "Event seconds a second.")
  static let from = Parameter("from", help: "From when.")
  static let without = Parameter("without", "w", isRepeatable: true, help: "Leave out.")
  static let shell = Parameter("shell", kind: .word(["bash", "zsh"]), help: "The shell.")
  static let quiet = Parameter("quiet", "q", form: .flag, help: "No notes.")
  static let json = Parameter("json", "j", form: .flag, help: "As JSON.")
  static let hidden = Parameter("hidden", isHidden: true, help: "Not for people.")
  static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    isRequired: true,
    isRepeatable: true,
    help: "Streams."
  )
  static let replay = Command(
    "leeway replay",
    abstract: "Run streams.",
    parameters: [
      monitor, output, threads, speed, from, without, shell, quiet, json, hidden, streams,
    ]
  )
  static let inspect = Command(
    "leeway inspect",
    abstract: "Print a profile.",
    parameters: [Parameter("file", form: .operand, isRequired: true, help: "A profile.")]
  )
  static let leeway = Command(
    "leeway",
    abstract: "Watches models.",
    parameters: [shell],
    subcommands: [replay, inspect]
  )

  /// The values of `leeway replay` for some words; the least that it needs is added.
  private func values(_ words: String...) throws -> Values {
    guard case .run(let values) = try Self.replay.request(["-m", "M"] + words) else {
      throw UsageError(command: "leeway replay", problem: .other("not to be run"))
    }
    return values
  }

  /// The mistake in some words.
  private func problem(_ words: String..., of command: Command = replay) -> UsageError.Problem? {
    do throws(UsageError) {
      _ = try command.request(words)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test(arguments: [
    ["--monitor", "M", "S"], ["--monitor=M", "S"], ["-m", "M", "S"], ["-mM", "S"],
    ["S", "-m", "M"], ["-m", "M", "--", "S"], ["-qmM", "S"], ["-qm", "M", "S"],
    ["-qjm", "M", "S"], ["--monitor", "other", "S", "-m", "M"],
  ])
  func `an option is given in each of GNU's ways, anywhere`(words: [String]) throws {
    guard case .run(let values) = try Self.replay.request(words) else {
      Issue.record("no run: \(words)")
      return
    }
    #expect(values.text(Self.monitor) == "M")
    #expect(values.texts(Self.streams) == ["S"])
    #expect(values.has(Self.quiet) == words.joined().contains("-q"))
  }

  @Test func `what is not given has its standard, or is not there`() throws {
    let values = try values("S")
    #expect(values.required(Self.output) == "-")
    #expect(values.integer(Self.threads) == 1)
    #expect(values.text(Self.from) == nil && values.number(Self.speed) == nil)
    #expect(values.texts(Self.without).isEmpty)
    #expect(!values.has(Self.output) && !values.has(Self.quiet))
  }

  @Test func `a value may begin with a dash, be empty or a sign`() throws {
    #expect(try values("--from", "-3d", "S").text(Self.from) == "-3d")
    #expect(try values("--from=-3d", "S").text(Self.from) == "-3d")
    #expect(try values("-o-out", "S").text(Self.output) == "-out")
    #expect(try values("--from", "--x--", "S").text(Self.from) == "--x--")
    #expect(try values("--from", "--", "S").text(Self.from) == "--")
    #expect(try values("--from=", "S").text(Self.from) == "")
    #expect(try values("--from", "", "S").text(Self.from) == "")
    #expect(try values("--from=a=b", "S").text(Self.from) == "a=b")
    #expect(try values("-o=x", "S").text(Self.output) == "=x")
    #expect(try values("-o", "-", "S").text(Self.output) == "-")
    // A mark that joins what is before it to one character.
    #expect(try values("--from=\u{5b3}", "S").text(Self.from) == "\u{5b3}")
    #expect(try values("-o\u{338}x", "-q", "\u{338}").text(Self.output) == "\u{338}x")
    #expect(try values("--hidden", "x", "S").text(Self.hidden) == "x")
  }

  @Test func `a hyphen is an operand, and after two all words are`() throws {
    #expect(try values("-", "S").texts(Self.streams) == ["-", "S"])
    #expect(
      try values("-q", "--", "-q", "--help", "--").texts(Self.streams) == ["-q", "--help", "--"]
    )
    #expect(try values("a", "-q", "b c").texts(Self.streams) == ["a", "b c"])
  }

  @Test func `the last value counts, and all of an option that can be repeated`() throws {
    let values = try values("-o", "a", "S", "-w", "x", "--without=y", "--output=b", "-wz")
    #expect(values.text(Self.output) == "b")
    #expect(values.texts(Self.without) == ["x", "y", "z"])
  }

  @Test func `an option where a value is due is a value that was forgotten`() throws {
    #expect(problem("S", "-m", "--quiet") == .noValue(Self.monitor, next: "--quiet"))
    #expect(problem("S", "-m", "-q") == .noValue(Self.monitor, next: "-q"))
    #expect(problem("S", "-o", "--monitor=M") == .noValue(Self.output, next: "--monitor=M"))
    #expect(problem("S", "-m") == .noValue(Self.monitor, next: nil))
    #expect(try values("--from=--quiet", "S").text(Self.from) == "--quiet")
  }

  @Test func `a mistake says what was wrong, and the nearest spelling`() {
    #expect(problem("--monitr", "M") == .unknown("--monitr", near: "--monitor"))
    #expect(problem("--monit", "M") == .unknown("--monit", near: "--monitor"))
    #expect(problem("--mon", "M") == .unknown("--mon", near: "--monitor"))
    #expect(problem("--xyzzy", "M") == .unknown("--xyzzy", near: nil))
    #expect(problem("-x") == .unknown("-x", near: nil))
    #expect(problem("-qx") == .unknown("-x", near: nil))
    #expect(problem("-5") == .unknown("-5", near: nil))
    #expect(problem("-m", "M", "--hiden", "x") == .unknown("--hiden", near: nil))
    #expect(problem("--quiet=yes") == .needlessValue(Self.quiet, "yes"))
    #expect(problem("S") == .missing(Self.monitor))
    #expect(problem("-m", "M") == .missing(Self.streams))
    #expect(problem("a", "b", of: Self.inspect) == .needlessOperand("b"))
    #expect(problem("replya", of: Self.leeway) == .unknown("replya", near: "replay"))
    #expect(problem("--shell", "bsh", "replay", "-m", "M", "S", of: Self.leeway) != nil)
  }

  @Test(arguments: ["0", "65", "two", "", "1.5", " 1", "9999999999999999999999"])
  func `a number outside its range is refused`(text: String) {
    let expected = UsageError.Problem.wrongValue(
      Self.threads,
      text,
      expected: "a number from 1 to 64"
    )
    #expect(problem("-m", "M", "S", "--threads", text) == expected)
  }

  @Test(arguments: ["0", "-5", "inf", "nan", "", "x", "1e999"])
  func `a number that is not above 0 is refused`(text: String) {
    let expected = UsageError.Problem.wrongValue(Self.speed, text, expected: "a number above 0")
    #expect(problem("-m", "M", "S", "--speed", text) == expected)
  }

  @Test func `of few words another is refused`() {
    let expected = UsageError.Problem.wrongValue(Self.shell, "fish", expected: "one of bash, zsh")
    #expect(problem("-m", "M", "S", "--shell=fish") == expected)
  }

  @Test func `help and version win over what else is wrong, and are words where words are due`()
    throws
  {
    for words in [
      ["--help"], ["-h"], ["--nonsense", "-h"], ["-m", "-h"], ["-qh"], ["S", "--help"],
    ] {
      #expect(try Self.replay.request(words) == .help(Self.replay.help), "\(words)")
    }
    #expect(try Self.leeway.request(["--nonsense", "replay", "-h"]) == .help(Self.replay.help))
    #expect(try Self.leeway.request(["-h", "replay"]) == .help(Self.leeway.help))
    #expect(try Self.replay.request(["S", "--version"]) == .version)
    #expect(try Self.leeway.request(["--version", "--help"]) == .version)
    #expect(try values("--from=--help", "--", "--help").texts(Self.streams) == ["--help"])
  }

  @Test func `no word asks for the whole, one for a subcommand`() throws {
    #expect(try Self.leeway.request([]) == .run(Values(of: Self.leeway)))
    let words = ["-m", "M", "replay"]
    #expect(try Self.leeway.request(["replay"] + words) == Self.replay.request(words))
  }

  @Test func `an error is a line and the command that shows the help`() {
    let problems: [(UsageError.Problem, String)] = [
      (
        .unknown("--metric", near: "--metrics"),
        "unknown option \"--metric\": did you mean \"--metrics\"?"
      ),
      (.unknown("foo", near: nil), "unknown command \"foo\"."),
      (.noValue(Self.output, next: nil), "no value for --output: write one after it."),
      (
        .noValue(Self.output, next: "-q"),
        "--output needs a value, got the option -q: write --output=-q if you mean that."
      ),
      (.needlessValue(Self.quiet, "1"), "--quiet takes no value, got \"1\": leave it out."),
      (
        .wrongValue(Self.threads, "0", expected: "a number from 1 to 64"),
        "--threads: expected a number from 1 to 64, got \"0\"."
      ),
      (.missing(Self.monitor), "--monitor <monitor> is missing: The monitor."),
      (.needlessOperand("x"), "unexpected \"x\": leave it out."),
      (.other("a and b: give one."), "a and b: give one."),
    ]
    for (problem, words) in problems {
      let error = UsageError(command: "leeway replay", problem: problem)
      #expect(error.description == "leeway replay: \(words)\nSee 'leeway replay --help'.")
    }
  }

  @Test func `values that were read read the same when they are written with equal signs`() throws {
    var random = SeededGenerator(seed: 9)
    let pool = [
      "-m", "M", "--monitor", "--monitor=x", "-q", "-qj", "--", "-", "-o", "-ox", "--out", "--help",
      "--without", "--without=y", "-w", "S", "", "--threads", "3", "--speed=2", "--shell", "zsh",
    ]
    var read = 0
    for _ in 0..<20_000 {
      let words = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        pool[Int.random(in: 0..<pool.count, using: &random)]
      }
      guard case .run(let values)? = try? Self.replay.request(words) else { continue }
      read += 1
      var again: [String] = []
      for parameter in Self.replay.parameters where values.has(parameter) {
        switch parameter.form {
        case .flag: again.append(parameter.spelling)
        case .option: again += values.texts(parameter).map { "\(parameter.spelling)=\($0)" }
        case .operand: continue
        }
      }
      again += ["--"] + values.texts(Self.streams)
      #expect(try Self.replay.request(again) == .run(values), "\(words)")
    }
    #expect(read > 100)
  }
}
