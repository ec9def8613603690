extension Command {
  /// By shell, the script that makes it complete the command line; file names by its own means.
  public var completionScripts: [String: String] {
    ["bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion]
  }

  /// Goes through the words before the cursor: which command, whether a value is due, of which kind.
  ///
  /// bash takes `--name=value` apart at the sign. Where a file is due the script offers nothing, and
  /// readline's own completion of file names, which knows about quotes and spaces, takes over.
  private var bashCompletion: String {
    let due = all.flatMap { command in
      command.options.filter { $0.form == .option }.map { option in
        let patterns = option.spellings.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
        return "                \(patterns)) due='\(option.completion)' ;;"
      }
    }
    let words = all.map { command in
      let next = command.subcommands.map(\.word).joined(separator: " ")
      let rest = next.isEmpty ? command.operands.last?.completion ?? " " : next
      let options = command.options.map(\.spelling).joined(separator: " ")
      return "        '\(command.name)') options='\(options)' rest='\(rest)' ;;"
    }
    return """
      # bash completion of \(name).
      _\(name)() {
          local command='\(name)' due= ended= cur=${COMP_WORDS[COMP_CWORD]} options rest word i
          [[ $cur != = ]] || cur=
          for ((i = 1; i < COMP_CWORD; i++)); do
              word=${COMP_WORDS[i]}
              if [[ -n $due ]]; then
                  [[ $word == = ]] || due=
              elif [[ -n $ended || $word != -* ]]; then
                  [[ $command != '\(name)' ]] || command+=" $word"
              else
                  case "$command $word" in
                      *' --') ended=1 ;;
      \(due.joined(separator: "\n"))
                  esac
              fi
          done
          case $command in
      \(words.joined(separator: "\n"))
          esac
          [[ -n $ended || $cur != -* ]] || rest=$options
          rest=${due:-$rest}
          COMPREPLY=()
          [[ $rest != file ]] || return 0
          compopt +o default
          mapfile -t COMPREPLY < <(compgen -W "$rest" -- "$cur")
      }
      complete -o default -F _\(name) \(name)

      """
  }

  private var zshCompletion: String {
    let names = subcommands.map { quoted("\($0.word):\($0.abstract)") }
    let cases = subcommands.map {
      "            (\($0.word)) _arguments -s -S \($0.zshArguments) ;;"
    }
    return """
      #compdef \(name)
      _\(name)() {
          local context state state_descr line; typeset -A opt_args
          _arguments -s -S -C \(zshArguments) '1: :->command' '*:: :->arguments' && return
          if [[ $state == command ]]; then
              local -a commands=(\(names.joined(separator: " ")))
              _describe command commands
          else
              case $words[1] in
      \(cases.joined(separator: "\n"))
              esac
          fi
      }
      if [[ $funcstack[1] == _\(name) ]]; then _\(name) "$@"; else compdef _\(name) \(name); fi

      """
  }

  private var zshArguments: String {
    let options = options.flatMap { option in
      option.spellings.map { name in
        let help = option.help.map { "[]\\:".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        guard option.form == .option else { return quoted("\(name)[\(help)]") }
        let sign = name.hasPrefix("--") ? "=" : "+"
        let value = ":\(option.valueName):\(option.zshAction)"
        return quoted("\(option.isRepeatable ? "*" : "")\(name)\(sign)[\(help)]\(value)")
      }
    }
    let operands = operands.map { operand in
      quoted("\(operand.isRepeatable ? "*" : "1"):\(operand.name):\(operand.zshAction)")
    }
    return (options + operands).joined(separator: " ")
  }

  private var fishCompletion: String {
    var lines = ["# fish completion of \(name).", "complete -c \(name) -f"]
    for command in all {
      let below = "__fish_seen_subcommand_from \(command.word)"
      let test = command.name == name ? "__fish_use_subcommand" : below
      let rows =
        command.subcommands.map { "-a \($0.word) -d \(quoted($0.abstract))" }
        + command.options.map { option in
          (option.letter.map { "-s \($0) " } ?? "") + "-l \(option.name) -d \(quoted(option.help))"
            + (option.form == .option ? " -r \(option.fishValue)" : "")
        } + command.operands.map(\.fishValue)
      lines += rows.map { "complete -c \(name) -n '\(test)' \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as one word of a shell, in the form that zsh and fish share.
  private func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

extension Parameter {
  /// What a value can be, as bash takes it: the words of which it is one, none, or `file`.
  fileprivate var completion: String {
    if case .word(let words) = kind { return words.joined(separator: " ") }
    return kind == .file ? "file" : " "
  }

  fileprivate var zshAction: String { kind == .file ? "_files" : "(\(completion))" }

  fileprivate var fishValue: String { kind == .file ? "-F" : "-f -a '\(completion)'" }
}
