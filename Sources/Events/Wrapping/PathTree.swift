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
  /// How many of the paths, from the first on, have values that are left to others.
  private let passedCount: Int

  /// A tree of paths; none is a wildcard.
  ///
  /// - Parameters:
  ///   - paths: The paths.
  ///   - passing: How many of them, from the first on, have values that are left to others: where
  ///     they end is asked, and what they hold is not looked at.
  ///   - entersArrays: Whether a path goes through the elements of an array that stands in its way.
  init(_ paths: [FieldPath], passing: Int = 0, entersArrays: Bool = false) {
    self.entersArrays = entersArrays
    passedCount = passing
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
  ///   - end: Where an object or array ends that is passed over, by its place.
  /// - Returns: The byte behind the value; `nil` where it is not right.
  func walk(
    _ start: UnsafePointer<UInt8>,
    base: UnsafePointer<UInt8>,
    into found: inout [Found],
    _ context: Context,
    end: (Int) -> Int? = { _ in nil }
  ) -> UnsafePointer<UInt8>? {
    unsafe walk(start, node: 0, depth: 0, base, &found, context, end)
  }

  private func walk(
    _ start: UnsafePointer<UInt8>,
    node: Int,
    depth: Int,
    _ base: UnsafePointer<UInt8>,
    _ found: inout [Found],
    _ context: Context,
    _ end: (Int) -> Int?
  ) -> UnsafePointer<UInt8>? {
    let first = unsafe start.pointee
    guard !nodes[node].children.isEmpty, first == Byte.openObject || first == Byte.openArray else {
      if let index = nodes[node].index, index < passedCount, let end = end(unsafe start - base) {
        return unsafe base + end
      }
      return unsafe skipValue(start, depth: depth, context)
    }
    let isObject = first == Byte.openObject
    let close = isObject ? Byte.closeObject : Byte.closeArray
    var place = 0
    var p = unsafe skipSpace(start + 1)
    if unsafe p.pointee == close { return unsafe p + 1 }
    while true {
      var child: Int?
      var isPassing = false
      if isObject {
        guard unsafe p.pointee == Byte.quote else { return nil }
        let text = unsafe scanString(p + 1, context)
        // A key that is no text is one that nobody wants.
        guard let quote = unsafe text ?? endOfUnusableString(p + 1, context) else { return nil }
        if unsafe text != nil {
          child = unsafe self.child(
            of: node,
            UnsafeBufferPointer(start: p + 1, count: quote - p - 1),
            isEscaped: context.pointee.isEscaped
          )
        }
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
          unsafe walk(value, node: next, depth: depth + 1, base, &found, context, end)
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
      if unsafe p.pointee == close { return unsafe p + 1 }
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
