/// Builds a tree of a YAML file's events; refuses what a monitor file has no use for.
package struct YAMLTree {
  private let events: [YAMLEvent]
  private var next = 0
  private(set) var problems: [SourceProblem] = []

  /// Reads a file's only document; `nil` when it is empty or too wrong to go on.
  static func read(_ source: SourceText) -> (root: YAMLNode?, problems: [SourceProblem]) {
    do throws(SourceProblem) {
      var tree = YAMLTree(events: try YAMLEvents.read(source.bytes))
      let root = tree.document()
      return (root, tree.problems)
    } catch {
      let place = source.clamp(error.position)
      return (nil, [SourceProblem(position: place, message: error.message)])
    }
  }

  /// Reads all documents of a file; those before a mistake in the YAML itself are lost, too.
  package static func readAll(
    _ source: SourceText
  ) -> (roots: [YAMLNode], problems: [SourceProblem]) {
    do throws(SourceProblem) {
      var tree = YAMLTree(events: try YAMLEvents.read(source.bytes))
      var roots: [YAMLNode] = []
      while let event = tree.take() {
        guard case .documentStart = event.kind, let first = tree.take() else { continue }
        let root = tree.node(first)
        // A file that begins or ends with --- has a document of nothing.
        if case .scalar(let scalar) = root, scalar.isNull { continue }
        roots.append(root)
      }
      return (roots, tree.problems)
    } catch {
      let place = source.clamp(error.position)
      return ([], [SourceProblem(position: place, message: error.message)])
    }
  }

  private init(events: [YAMLEvent]) { self.events = events }

  private mutating func take() -> YAMLEvent? {
    guard next < events.count else { return nil }
    next += 1
    return events[next - 1]
  }

  private mutating func document() -> YAMLNode? {
    var root: YAMLNode?
    var documents = 0
    while let event = take() {
      guard case .documentStart = event.kind else { continue }
      documents += 1
      guard documents == 1 else {
        problems.append(
          SourceProblem(
            position: event.position,
            message: "a second document begins: one file holds one, move it to its own"
          )
        )
        break
      }
      if let first = take() { root = node(first) }
    }
    return root
  }

  private mutating func node(_ event: YAMLEvent) -> YAMLNode {
    refuse(event)
    switch event.kind {
    case .scalar(let scalar): return .scalar(scalar)
    case .sequenceStart:
      var items: [YAMLNode] = []
      while let item = take() {
        if case .sequenceEnd = item.kind { break }
        items.append(node(item))
      }
      return .sequence(items, at: event.position)
    case .mappingStart: return .mapping(entries(), at: event.position)
    case .alias, .documentStart, .sequenceEnd, .mappingEnd, .other:
      return .sequence([], at: event.position)
    }
  }

  private mutating func refuse(_ event: YAMLEvent) {
    var what: String?
    if case .alias = event.kind {
      what = "an alias: write the value out, or put a text that starts with * in quotes"
    } else if event.isAnchored {
      what = "an anchor: write the value out, or put a text that starts with & in quotes"
    } else if event.isTagged {
      what = "a tag: leave it out, or put a text that starts with ! in quotes"
    }
    guard let what else { return }
    problems.append(
      SourceProblem(
        position: event.position,
        message: "plain values stand here, got \(what)"
      )
    )
  }

  private mutating func entries() -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var places: [String: SourcePosition] = [:]
    while let event = take() {
      if case .mappingEnd = event.kind { break }
      let key = node(event)
      guard let valueEvent = take() else { break }
      let value = node(valueEvent)
      guard case .scalar(let name) = key else {
        problems.append(
          SourceProblem(
            position: event.position,
            message: "a key is a word, got \(key.kindName): put a text with braces or brackets "
              + "in quotes"
          )
        )
        continue
      }
      if let first = places[name.text] {
        problems.append(
          SourceProblem(
            position: name.start,
            message: "the key \"\(name.text)\" stands twice, first in line \(first.line): "
              + "remove one"
          )
        )
        continue
      }
      places[name.text] = name.start
      entries.append(YAMLNode.Entry(key: name, value: value))
    }
    return entries
  }
}
