internal import Events
internal import Records

extension PageWriter {
  /// What was read, what was refused and why, and what else is to be known.
  func refusedSection() -> HTML {
    let read =
      "Read: \(counted(ending.lines, "line")), \(counted(ending.events, "prediction"))"
      + (ending.ignored > 0 ? ", \(counted(ending.ignored, "other event"))" : "")
      + (refusedLines == 0 ? ", none refused." : ", \(grouped(refusedLines)) refused.")
    var notes: HTML = ""
    if !ending.notes.isEmpty {
      notes = """
        <h3>Notes</h3>
        <ul>\(ending.notes.map { "<li>\($0)</li>" })</ul>

        """
    }
    return """
      <section id="refused" aria-labelledby="refused-title">
      <h2 id="refused-title">What was refused</h2>
      <p>\(read)</p>\(ending.duplicates.map { "\n<p>\($0)</p>" } ?? "")
      \(table)\(places)\(notes)</section>

      """
  }

  /// The first line of each reason.
  private var places: HTML {
    ending.refusals.isEmpty ? "" : "<ul>\(ending.refusals.map { "<li>\($0)</li>" })</ul>\n"
  }

  private var table: HTML {
    guard refusedLines > 0 else { return "" }
    let sorted = ending.refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    let rows: [HTML] = sorted.map { reason, count in
      """
      <tr><th scope="row"><code>\(reason.rawValue)</code></th>\
      <td class="r">\(grouped(count))</td><td>\(reason.explanation)</td></tr>

      """
    }
    return """
      <table><caption>Lines that could not be used, by reason; <code>--dead-letters</code> writes \
      them with their places.</caption>
      <thead><tr><th scope="col">Reason</th><th scope="col" class="r">Lines</th>\
      <th scope="col">What it means</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>

      """
  }
}
