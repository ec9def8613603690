/// What befell the partitions of a group's member.
package struct KafkaCounts: Sendable {
  /// Records that were deleted before they were read.
  package var deleted: Int64 = 0
  /// How often a log ended before our place in it.
  package var regressions = 0
  /// How often the group has shared its partitions out.
  package var rebalances = 0
}

/// How a member of a group stands.
package struct KafkaFigures: Sendable {
  /// What befell its partitions so far.
  package let counts: KafkaCounts
  /// How many partitions it reads.
  package let partitions: Int
  /// How many records they have that were not read yet; `nil` where a broker has not said.
  package let lag: Int64?
  /// How many records came again and were passed over.
  package let repeated: Int
  /// How many records had no value, or an empty one.
  package let empty: Int

  /// How members of several groups stand together.
  package static func + (one: KafkaFigures, other: KafkaFigures) -> KafkaFigures {
    KafkaFigures(
      counts: KafkaCounts(
        deleted: one.counts.deleted + other.counts.deleted,
        regressions: one.counts.regressions + other.counts.regressions,
        rebalances: one.counts.rebalances + other.counts.rebalances
      ),
      partitions: one.partitions + other.partitions,
      lag: one.lag.flatMap { lag in other.lag.map { lag + $0 } },
      repeated: one.repeated + other.repeated,
      empty: one.empty + other.empty
    )
  }
}

extension KafkaConsumer {
  /// How it stands.
  package var figures: KafkaFigures {
    let read = partitions.filter(\.isAssigned)
    let lags = read.compactMap(\.lag)
    return KafkaFigures(
      counts: counts,
      partitions: read.count,
      lag: lags.count == read.count ? lags.reduce(0, +) : nil,
      repeated: partitions.reduce(0) { $0 + $1.duplicates },
      empty: partitions.reduce(0) { $0 + $1.emptyRecords }
    )
  }
}
