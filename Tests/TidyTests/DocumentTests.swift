import Testing

/// What the documents point at is there.
@Suite struct DocumentTests {
  struct Link: Equatable {
    let line: Int
    let target: String
  }

  /// Links to places in this repository: not the web's, and none inside fenced or inline code.
  static func links(of document: String) -> [Link] {
    var found: [Link] = []
    var isFenced = false
    for (index, line) in document.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      if line.trimmingPrefix(while: \.isWhitespace).hasPrefix("```") { isFenced.toggle() }
      if isFenced { continue }
      let text = String(line).replacing(/`[^`]*`/, with: "")
      for match in text.matches(of: /\]\(([^()\s]+)(?:\s+"[^"]*")?\)/) {
        let target = String(match.output.1)
        if !target.contains("://") && !target.hasPrefix("mailto:") {
          found.append(Link(line: index + 1, target: target))
        }
      }
    }
    return found
  }

  /// The anchors that a reader of the rendered document can jump to.
  static func anchors(of document: String) -> Set<String> {
    var isFenced = false
    var found: Set<String> = []
    for line in document.split(separator: "\n") {
      if line.hasPrefix("```") { isFenced.toggle() }
      guard !isFenced, line.hasPrefix("#") else { continue }
      let title = line.drop(while: { $0 == "#" }).trimmingPrefix(while: \.isWhitespace)
      let kept = title.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
      found.insert(kept.replacing(" ", with: "-"))
    }
    return found
  }

  @Test func `links and anchors are read as a renderer reads them`() {
    let document = """
      # The Main job: counts
      See [a](b/c.md#the-main-job-counts), [w](https://example.org) and `[x](y)`.
      ```
      [z](z.md)
      ```
      """
    #expect(Self.links(of: document) == [Link(line: 2, target: "b/c.md#the-main-job-counts")])
    #expect(Self.anchors(of: document) == ["the-main-job-counts"])
  }

  @Test func `every relative link leads somewhere`() {
    for document in Repository.documents {
      let folder = document.path.split(separator: "/").dropLast()
      for link in Self.links(of: document.text) {
        let parts = link.target.split(separator: "#", omittingEmptySubsequences: false)
        var steps = Array(folder)
        for step in parts[0].split(separator: "/") where step != "." {
          if step == ".." { steps = steps.dropLast() } else { steps.append(step) }
        }
        let path = parts[0].isEmpty ? document.path : steps.joined(separator: "/")
        #expect(Repository.exists(path), "\(document.path):\(link.line): \(link.target)")
        if parts.count > 1, let target = Repository.documents.first(where: { $0.path == path }) {
          let anchors = Self.anchors(of: target.text)
          #expect(
            anchors.contains(String(parts[1])),
            "\(document.path):\(link.line): no heading #\(parts[1]) in \(path)"
          )
        }
      }
    }
  }

  @Test(arguments: ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
  func `the documents that everyone looks for are there`(path: String) {
    #expect(Repository.files.contains { $0.path == path })
  }

  /// The commands of the executable: by the name they state, else by their type's.
  static func commands(in source: String) -> [String] {
    source.matches(of: /struct (\w+): [^{]*ParsableCommand\b/).map { match in
      let type = String(match.output.1)
      let rest = source[match.range.upperBound...]
      let next = rest.firstMatch(of: /struct \w+: [^{]*ParsableCommand\b/)?.range.lowerBound
      let own = rest[..<(next ?? rest.endIndex)]
      return own.firstMatch(of: /commandName: "([^"]+)"/).map { String($0.output.1) }
        ?? type.lowercased()
    }
  }

  @Test func `commands are found by their stated name, else by their type's`() {
    let source = """
      struct Leeway: ParsableCommand { let c = C(commandName: "leeway") }
      struct Profile: AsyncParsableCommand { }
      struct CheckCommand: ParsableCommand { let c = C(commandName: "check") }
      """
    #expect(Self.commands(in: source) == ["leeway", "profile", "check"])
  }

  @Test func `the readme names every command`() {
    let readme = Repository.files.first { $0.path == "README.md" }?.text ?? ""
    for file in Repository.sources where file.target == "leeway" {
      for command in Self.commands(in: file.text) where command != "leeway" {
        #expect(readme.contains("leeway \(command)"), "README.md does not name leeway \(command)")
      }
    }
  }
}
