import Agent
import Connectors

/// Writes words to standard error, and ends the line.
func note(_ text: String) { writeToStandardError(text + "\n") }

/// Writes warnings to standard error, a line each.
func note(warnings: [String]) {
  for warning in warnings { note("warning: \(warning)") }
}

/// Writes a text to standard output.
///
/// - Throws: `StreamError.cannotWrite`: a text that nobody got is not said.
func say(_ text: String) throws(StreamError) {
  try OutputSet.write(Array(text.utf8), to: "-")
}
