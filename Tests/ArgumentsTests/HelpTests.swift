import Testing

@testable import Arguments

/// What is made from a description: help, manual pages, the reference.
@Suite struct HelpTests {
  static let command = Command(
    "leeway replay",
    abstract: "Run streams.",
    discussion: """
      A first paragraph that is long enough to be broken, since it has more than eighty columns.

        leeway replay   stays as it is
        .and so does this

      'A last one.
      """,
    parameters: RequestTests.replay.parameters.filter { $0 != .help && $0 != .version }
  )

  @Test func `help has the words in at most 80 columns, operands, options and what counts`() {
    #expect(
      Self.command.help == """
        OVERVIEW: Run streams.

        A first paragraph that is long enough to be broken, since it has more than
        eighty columns.

          leeway replay   stays as it is
          .and so does this

        'A last one.

        USAGE: leeway replay --monitor <monitor> [--output <output>]
          [--threads <threads>] [--speed <speed>] [--from <from>]
          [--without <without> ...] [--shell <shell>] [--quiet] [--json] <streams> ...

        ARGUMENTS:
          <streams>               Streams.

        OPTIONS:
          -m, --monitor <monitor> The monitor.
          -o, --output <output>   Where to. (default: -)
          --threads <threads>     Threads. (default: 1)
          --speed <speed>         Event seconds a second.
          --from <from>           From when.
          -w, --without <without> Leave out.
          --shell <shell>         The shell.
          -q, --quiet             No notes.
          -j, --json              As JSON.
          --version               Show the version.
          -h, --help              Show help information.

        """
    )
    #expect(!Self.command.help.split(separator: "\n").contains { $0.count > 80 })
  }

  @Test func `the help of the whole lists its commands`() {
    let lines = RequestTests.leeway.help.split(separator: "\n").map(String.init)
    #expect(lines.contains("USAGE: leeway <command>"))
    #expect(lines.contains("  replay                  Run streams."))
    #expect(lines.last == "'leeway help <command>' shows what a command takes.")
  }

  @Test func `a manual page shows dots, quotes, backslashes and hyphens as they are`() throws {
    let strange = Command(
      "leeway strange",
      abstract: "A \\ and a-b.",
      discussion: ".begins with a dot"
    )
    let root = Command("leeway", abstract: "Watches.", subcommands: [strange, Self.command])
    let page = try #require(root.manualPage(of: "strange", version: "1.2.3"))
    #expect(
      page == """
        .TH LEEWAY\\-STRANGE 1 "" "leeway 1.2.3"
        .SH NAME
        leeway\\-strange \\- A \\e and a\\-b.
        .SH SYNOPSIS
        leeway strange
        .SH DESCRIPTION
        A \\e and a\\-b.
        .PP
        \\&.begins with a dot
        .SH OPTIONS
        .TP
        \\fB\\-\\-version\\fR
        Show the version.
        .TP
        \\fB\\-h, \\-\\-help\\fR
        Show help information.

        """
    )
    #expect(root.manualPage(of: "leeway strange", version: "1.2.3") == page)
    #expect(root.manualPage(of: "nothing", version: "1.2.3") == nil)
    #expect(root.manualPage(of: "replay", version: "1")?.contains(".nf\n") ?? false)
  }

  @Test func `the reference has the help of every command`() {
    let page = RequestTests.leeway.reference
    for command in RequestTests.leeway.all {
      #expect(page.contains("\n## \(command.name)\n\n```text\n\(command.help)```\n"))
    }
    #expect(!page.contains("hidden"))
  }
}
