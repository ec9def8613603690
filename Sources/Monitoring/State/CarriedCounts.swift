public import Sketches
package import Specification

/// Counts of panes as bytes, for another process: what they mean is told with them.
public struct CarriedCounts: Sendable, Equatable {
  private let bytes: [UInt8]

  /// Counts of a plan; events that are held are not among them.
  public init(_ counted: CountedPanes, of plan: Plan) {
    var writer = ByteWriter()
    writer.write(CountsLayout(plan))
    writer.write(plan.profile.contentHash)
    counted.encode(into: &writer, plan)
    bytes = writer.bytes
  }

  /// The counts as a plan counts.
  ///
  /// - Parameter plan: The plan, of this process.
  /// - Returns: The counts.
  /// - Throws: `CodingError` where the bytes are none.
  package func opened(_ plan: Plan) throws(CodingError) -> OpenedCounts {
    var reader = ByteReader(bytes)
    let mapping = CountsMapping(from: try reader.read(), to: plan)
    let profile: String = try reader.read()
    let counted = try CountedPanes(from: &reader, mapping)
    try reader.finish()
    return OpenedCounts(
      counted: counted,
      isWhole: mapping.isIdentity && profile == plan.profile.contentHash,
      panes: mapping.old.panes
    )
  }
}

/// Counts that came from another process, as a plan counts.
package struct OpenedCounts {
  /// The counts.
  package var counted: CountedPanes
  /// Whether all of them mean the same: else what does not was left out.
  package let isWhole: Bool
  /// The panes that the other process counted in.
  package let panes: PaneScheme
}

extension CarriedCounts: ByteCodable {
  /// Layout: a length and the bytes, which hold the layout of the counts, the profile's hash and the
  /// panes.
  public func encode(into writer: inout ByteWriter) { writer.write(bytes: bytes) }

  /// Reads what ``encode(into:)`` wrote; what the bytes hold is seen when they are opened.
  public init(from reader: inout ByteReader) throws(CodingError) {
    bytes = try reader.readBytes(limit: .max)
  }
}
