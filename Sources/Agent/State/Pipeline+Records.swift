internal import Connectors
internal import Ingest

/// Which remembered stream each one that is read now goes on with.
extension Pipeline {
  /// The remembered streams that others go on with, each with one at most.
  ///
  /// A file goes on whatever its name is. So does a log: first one that has its name and is the same
  /// file, then one whose file has its name now or had it, then one of its name.
  ///
  /// - Parameter marks: The streams that are read now.
  /// - Returns: Of each the place among those that are remembered; `nil` where it begins.
  /// - Throws: `ResumeError.stream` where a file cannot be read.
  func records(of marks: [Crew.Mark]) throws(ResumeError) -> [Int?] {
    var places = [Int?](repeating: nil, count: marks.count)
    var free = Array(remembered.indices)
    func take(_ index: Int, where isIt: (SourceRecord) -> Bool) {
      guard places[index] == nil, let found = free.firstIndex(where: { isIt(remembered[$0]) })
      else { return }
      places[index] = free.remove(at: found)
    }
    var heads: [Int: [UInt8]] = [:]
    for (index, mark) in marks.enumerated() {
      switch mark.kind {
      case .file:
        let head: [UInt8]
        do {
          head = try FileMark.head(of: mark.name)
        } catch {
          throw .stream(error)
        }
        take(index) { $0.file?.matches(head) == true }
      case .pipe, .line: take(index) { $0.file == nil && $0.name == mark.name }
      case .followed: heads[index] = (try? FileMark.head(of: mark.name)) ?? []
      }
    }
    let logs = heads.sorted { $0.key < $1.key }
    for (index, head) in logs {
      take(index) { $0.name == marks[index].name && $0.file?.matches(head) == true }
    }
    // Logs of one service may well begin with one line, so that a few bytes tell nothing.
    func isOf(_ record: SourceRecord, _ head: [UInt8]) -> Bool {
      guard let mark = record.file, mark.headBytes >= FileMark.tellingBytes else { return false }
      return mark.matches(head)
    }
    for (index, head) in logs { take(index) { isOf($0, head) } }
    for (index, _) in logs where places[index] == nil && !free.isEmpty {
      let older = FileGenerations(of: marks[index].name).older.reversed()
      let heads = older.map { (try? FileMark.head(of: $0.path)) ?? [] }
      for head in heads { take(index) { $0.name == marks[index].name && isOf($0, head) } }
      for head in heads { take(index) { isOf($0, head) } }
    }
    for (index, _) in logs { take(index) { $0.file != nil && $0.name == marks[index].name } }
    return places
  }
}
