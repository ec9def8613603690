/// Paths as a tree, to find their values in one walk over an event.
struct PathTree {
  /// A value that was found, and where.
  struct Found {
    /// Which of the paths it is of.
    var index: Int
    /// The value's bytes.
    var range: Range<Int>
    /// The first byte of the object or array that it stands in.
    var parent: Int
  }

  private struct Node {
    var keys: [[UInt8]] = []
    var places: [Int?] = []
    var children: [Int] = []
    var index: Int?
  }

  private var nodes = [Node()]
  /// Whether a path goes through the elements of an array that stands in its way.
  private let entersArrays: Bool

  /// A tree of paths; none is a wildcard.
  ///
  /// - Parameters:
  ///   - paths: The paths.
  ///   - entersArrays: Whether a path goes through the elements of an array that stands in its way.
  init(_ paths: [FieldPath], entersArrays: Bool = false) {
    self.entersArrays = entersArrays
    for (index, path) in paths.enumerated() {
      var node = 0
      for key in path.keys {
        if let known = nodes[node].keys.firstIndex(of: key) {
          node = nodes[node].children[known]
          continue
        }
        nodes[node].keys.append(key)
        nodes[node].places.append(Int(String(decoding: key, as: UTF8.self)))
        nodes[node].children.append(nodes.count)
        node = nodes.count
        nodes.append(Node())
      }
      nodes[node].index = nodes[node].index ?? index
    }
  }

  /// Walks the value at `start`.
  ///
  /// - Parameters:
  ///   - start: The value's first byte.
  ///   - base: The byte that ranges count from.
  ///   - found: Receives the values of paths, in the order of the text.
  ///   - context: A decoder's, for its limits.
  /// - Returns: The byte behind the value; `nil` where it is not right.
  func walk(
    _ start: UnsafePointer<UInt8>,
    base: UnsafePointer<UInt8>,
    into found: inout [Found],
    _ context: Context
  ) -> UnsafePointer<UInt8>? {
    unsafe walk(start, node: 0, depth: 0, base, &found, context)
  }

  private func walk(
    _ start: UnsafePointer<UInt8>,
    node: Int,
    depth: Int,
    _ base: UnsafePointer<UInt8>,
    _ found: inout [Found],
    _ context: Context
  ) -> UnsafePointer<UInt8>? {
    let first = unsafe start.pointee
    guard !nodes[node].children.isEmpty, first == Byte.openObject || first == Byte.openArray else {
      return unsafe skipValue(start, depth: depth, context)
    }
    let isObject = first == Byte.openObject
    let end = isObject ? Byte.closeObject : Byte.closeArray
    var place = 0
    var p = unsafe skipSpace(start + 1)
    if unsafe p.pointee == end { return unsafe p + 1 }
    while true {
      var child: Int?
      var isPassing = false
      if isObject {
        guard unsafe p.pointee == Byte.quote, let quote = unsafe scanString(p + 1, context) else {
          return nil
        }
        child = unsafe self.child(
          of: node,
          UnsafeBufferPointer(start: p + 1, count: quote - p - 1),
          isEscaped: context.pointee.isEscaped
        )
        unsafe p = skipSpace(quote + 1)
        guard unsafe p.pointee == Byte.colon else { return nil }
        unsafe p = skipSpace(p + 1)
      } else {
        child = nodes[node].places.firstIndex(of: place).map { nodes[node].children[$0] }
        place += 1
        isPassing = child == nil && entersArrays
      }
      let value = unsafe p
      let next =
        if let next = child ?? (isPassing ? node : nil) {
          unsafe walk(value, node: next, depth: depth + 1, base, &found, context)
        } else {
          unsafe skipValue(value, depth: depth + 1, context)
        }
      guard let next = unsafe next else { return nil }
      if let child, let index = nodes[child].index {
        found.append(
          unsafe Found(index: index, range: value - base..<next - base, parent: start - base)
        )
      }
      unsafe p = skipSpace(next)
      if unsafe p.pointee == end { return unsafe p + 1 }
      guard unsafe p.pointee == Byte.comma else { return nil }
      unsafe p = skipSpace(p + 1)
    }
  }

  /// The node of a member by its key as it is spelled.
  private func child(
    of node: Int,
    _ spelling: UnsafeBufferPointer<UInt8>,
    isEscaped: Bool
  ) -> Int? {
    let known =
      if isEscaped {
        nodes[node].keys.firstIndex(of: unsafe unescaped(spelling))
      } else {
        nodes[node].keys.firstIndex {
          unsafe $0.count == spelling.count && $0.elementsEqual(spelling)
        }
      }
    return known.map { nodes[node].children[$0] }
  }
}
