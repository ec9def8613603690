import Testing

/// The documents' form: short lines, a short first page, and every limit of the sources told.
@Suite struct ProseTests {
  /// The most columns of a line of prose.
  private static let columns = 100

  private static let pages = Repository.documents.filter { document in
    let isBeside = ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    return isBeside.contains(document.path) || document.isBelow("docs")
  }

  /// The lines of prose that are too long, by number: not tables, headings, fenced blocks, pictures
  /// or a line that is one word.
  static func longLines(of document: String) -> [Int] {
    var isFenced = false
    var found: [Int] = []
    for (index, line) in document.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let text = line.trimmingPrefix(while: { $0 == " " })
      if text.hasPrefix("```") { isFenced.toggle() }
      if isFenced || line.utf8.count <= columns || line.unicodeScalars.count <= columns { continue }
      if text.hasPrefix("|") || text.hasPrefix("#") || text.hasPrefix("![") { continue }
      // Links and code are not broken.
      let breakable = text.trimmingPrefix(/[-*] +/)
        .replacing(/\[[^\]]*\]\([^()\s]*\)|`[^`]*`/, with: "")
      if !breakable.contains(" ") { continue }
      found.append(index + 1)
    }
    return found
  }

  @Test func `a long line is found where it is prose`() {
    let long = String(repeating: "word ", count: 21)
    let document = """
      \(long)
      | \(long) |
      ```
      \(long)
      ```
      # \(long)
      ![\(long)](a.png)
      - [\(long)](a.md)
      short
        \(long)
      """
    #expect(Self.longLines(of: document) == [1, 10])
  }

  @Test func `prose is wrapped at 100 columns`() {
    #expect(Self.pages.count > 10)
    for page in Self.pages {
      for line in Self.longLines(of: page.text) {
        Issue.record("\(page.path):\(line) is too long: run deploy/wrap-documents")
      }
    }
  }

  @Test func `the readme is a page`() throws {
    let readme = try #require(Self.pages.first { $0.path == "README.md" })
    #expect(readme.lines.count <= 151, "README.md has \(readme.lines.count - 1) lines of 150")
    let first = readme.lines.prefix(60).joined(separator: "\n")
    for word in ["make demo", "make test", "docs/on-call.md", "leeway init", "leeway replay"] {
      #expect(first.contains(word), "\(word) is not on README.md's first screens")
    }
  }

  /// Limits that nobody can notice, by name and file.
  private static let unnoticed: Set<String> = [
    // What a profile holds is bounded by what was written into it.
    "maximumExactLimit of Sources/Sketches/Quantiles/RankSummary+Encoding.swift",
    // A snapshot's record has as many members as Leeway gave it.
    "memberLimit of Sources/Standing/Snapshot/FlatRecord.swift",
  ]

  @Test func `every limit that the sources name is in docs-limits`() throws {
    let page = try #require(Self.pages.first { $0.path == "docs/limits.md" }).text
    var count = 0
    for file in Repository.sources {
      for offset in file.text.offsets(of: "static let ") {
        let start = file.text.utf8.index(file.text.startIndex, offsetBy: offset)
        let rest = file.text[start...].dropFirst("static let ".count)
        let name = rest.prefix { $0.isLetter }
        let line = file.text[..<start].reversed().prefix { $0 != "\n" }
        guard name.hasSuffix("imit"), !String(line.reversed()).contains("private") else { continue }
        count += 1
        if Self.unnoticed.contains("\(name) of \(file.path)") { continue }
        #expect(
          !page.offsets(of: ".\(name)`").isEmpty,
          "docs/limits.md lacks \(name) of \(file.path)"
        )
      }
    }
    #expect(count >= 15, "\(count)")
  }
}
