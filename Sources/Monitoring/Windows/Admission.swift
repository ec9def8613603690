internal import Sketches

/// Which values of the dimensions the windows count on their own.
///
/// A pane keeps few enough values; the panes of a long window together may have more. A value is
/// admitted while there is room, in order of panes and of bytes, and gives up its place when no
/// window holds it any longer; what is not admitted is `__other__`.
struct Admission: Sendable {
  /// The last pane of each admitted value that the reference does not know, by dimension.
  private var lastPanes: [[[UInt8]: Int]]

  init(_ plan: Plan) {
    lastPanes = plan.dimensions.map { _ in [:] }
  }

  /// The pane with every value that is not admitted counted as `__other__`.
  mutating func admit(_ pane: PaneCounts, oldestPane: Int, plan: Plan) -> PaneCounts {
    guard !plan.dimensions.isEmpty else { return pane }
    let order = pane.keys.indices.sorted { pane.keys[$0] < pane.keys[$1] }
    var keys = order.map { pane.keys[$0] }
    var renamed = PaneCounts(index: pane.index, plan: plan)
    for position in keys.indices {
      for (index, dimension) in plan.dimensions.enumerated() {
        guard case .value(let bytes) = keys[position].values[index], !dimension.isKnown(bytes),
          !admit(bytes, dimension, index, pane.index, oldestPane)
        else { continue }
        keys[position].values[index] = .other
        renamed.markOverflow(ofDimension: index)
      }
    }
    guard renamed.overflowed.contains(true) else { return pane }
    for (key, position) in zip(keys, order) {
      let target = renamed.position(of: key, plan: plan)
      renamed.groups[target].merge(pane.groups[position])
    }
    for (index, overflowed) in pane.overflowed.enumerated() where overflowed {
      renamed.markOverflow(ofDimension: index)
    }
    return renamed
  }

  private mutating func admit(
    _ bytes: [UInt8],
    _ dimension: Dimension,
    _ index: Int,
    _ pane: Int,
    _ oldestPane: Int
  ) -> Bool {
    let room = dimension.limit - dimension.known.count
    if lastPanes[index][bytes] == nil, lastPanes[index].count >= room {
      lastPanes[index] = lastPanes[index].filter { $0.value >= oldestPane }
      guard lastPanes[index].count < room else { return false }
    }
    lastPanes[index][bytes] = pane
    return true
  }
}

extension Admission: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(varint: UInt64(lastPanes.count))
    for values in lastPanes {
      writer.write(varint: UInt64(values.count))
      for (value, pane) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        writer.write(bytes: value)
        writer.write(pane)
      }
    }
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    for dimension in 0..<(try reader.readCount(limit: reader.remaining)) {
      for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
        let value = try reader.readBytes()
        let pane: Int = try reader.read()
        guard let now = restoration.mapping.dimension(dimension),
          restoration.mapping.keepsPanes
        else { continue }
        lastPanes[now][value] = pane
      }
    }
  }
}
