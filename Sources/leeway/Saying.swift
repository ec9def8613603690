import Agent
import Connectors
import Events
import YAML

/// Writes a line of words to standard error; whatever it holds, it is one line.
func note(_ line: String) { note(lines: visible(line)) }

/// Writes lines to standard error that were put together of what is visible.
func note(lines: String) { writeToStandardError(visibleLines(lines) + "\n") }

/// Writes a finding to standard error, with the line that it is about.
func note(_ finding: Diagnostic) { note(lines: finding.description) }

/// Writes warnings to standard error, a line each.
func note(warnings: [String]) {
  for warning in warnings { note("warning: \(warning)") }
}

/// Writes words to standard output.
///
/// - Throws: `StreamError.cannotWrite`: a text that nobody got is not said.
func say(_ text: String) throws(StreamError) {
  try hand(visibleLines(text))
}

/// Writes data to standard output as they are.
///
/// - Throws: `StreamError.cannotWrite`.
func hand(_ data: String) throws(StreamError) {
  try OutputSet.write(Array(data.utf8), to: "-")
}
