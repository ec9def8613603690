internal import Connectors
internal import Dispatch
internal import Events
internal import Monitoring

/// Decodes the chunks of a delivery once for readers that want the same of them, on several threads.
final class CommonDecoding: Sendable {
  /// One thread's decoder for a group of readers, and what it found.
  private struct Seat: ~Copyable {
    var decoder: SharedDecoder
    var found: [(chunk: Int, rows: [DecodedRows])] = []
  }

  /// Readers that want the same, and a seat for each thread.
  private struct Group: Sendable {
    let readers: [Int]
    let seats: [Locked<Seat>]
  }

  private let groups: [Group]
  private let workers: Int
  /// The most values that a seat keeps of a delivery.
  private let room: Int

  /// The most values of a delivery that are kept, of which each group has a like share; lines behind
  /// them each reader decodes itself.
  static let cellLimit = 2 << 20

  /// Nothing decoded yet; `nil` where no two readers want the same.
  ///
  /// - Parameters:
  ///   - plans: What the readers compute, in their order.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - workers: How many threads there are.
  ///   - cellLimit: The most values of a delivery that are kept.
  init?(
    _ plans: [Plan],
    rowsPerBatch: Int,
    workers: Int,
    cellLimit: Int = CommonDecoding.cellLimit
  ) {
    let workers = max(workers, 1)
    self.workers = workers
    groups = SharedDecoder.groups(plans).map { readers in
      let seats = (0..<workers).map { _ in
        Locked(Seat(decoder: SharedDecoder(plans[readers[0]], rowCapacity: rowsPerBatch)))
      }
      return Group(readers: readers, seats: seats)
    }
    room = cellLimit / (workers * max(groups.count, 1))
    if groups.isEmpty { return nil }
  }

  /// Decodes the chunks of a delivery, for groups of which two readers or more read a chunk itself.
  ///
  /// - Parameters:
  ///   - chunks: The chunks; those whose lines are not an event each are left.
  ///   - sifted: The lines that each reader takes instead, by chunk and reader.
  ///   - readers: How many readers there are.
  /// - Returns: What each reader need not decode, by chunk and reader.
  func decode(
    _ chunks: [LineChunk],
    sifted: [[RewrittenLines?]],
    readers: Int
  ) -> [[[DecodedRows]]] {
    var all = [[[DecodedRows]]](
      repeating: Array(repeating: [], count: readers),
      count: chunks.count
    )
    for group in groups {
      let wanted = chunks.indices.filter { chunk in
        let lines = sifted[chunk]
        let own = group.readers.count { $0 >= lines.count || lines[$0] == nil }
        return own > 1 && chunks[chunk].areLines && !chunks[chunk].hasArrays
      }
      for (chunk, rows) in decode(chunks, wanted, group) {
        for reader in group.readers { all[chunk][reader] = rows }
      }
    }
    return all
  }

  private func decode(
    _ chunks: [LineChunk],
    _ wanted: [Int],
    _ group: Group
  ) -> [(chunk: Int, rows: [DecodedRows])] {
    DispatchQueue.concurrentPerform(iterations: workers) { index in
      group.seats[index].withLock { seat in
        var room = room
        for place in stride(from: index, to: wanted.count, by: workers) {
          let chunk = chunks[wanted[place]]
          let rows = unsafe chunk.withBytes { bytes in
            unsafe seat.decoder.rows(
              of: bytes,
              isAtStreamStart: chunk.isAtStreamStart,
              room: &room
            )
          }
          guard let rows else { return }
          seat.found.append((wanted[place], rows))
        }
      }
    }
    return group.seats.flatMap { seat in
      seat.withLock { seat in
        defer { seat.found.removeAll() }
        return seat.found
      }
    }
  }
}
