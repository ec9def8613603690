internal import Connectors
internal import Dispatch
internal import Events
internal import Monitoring

/// Tells which lines of a delivery each reader takes, on several threads.
final class Sifting: Sendable {
  /// One thread's sifter, and what it found.
  private struct Seat: ~Copyable {
    var sifter: LineSifter
    var found: [(chunk: Int, sifted: LineSifter.Sifted)] = []
  }

  private let seats: [Locked<Seat>]

  /// So many deliveries are read as they are behind one of which sifting saved nothing.
  static let deliveriesPassed = 31

  /// Nothing sifted yet.
  ///
  /// - Parameters:
  ///   - plans: What the readers compute, in their order.
  ///   - workers: How many threads there are.
  init?(_ plans: [Plan], workers: Int) {
    guard LineSifter.isOfUse(for: plans) else { return nil }
    seats = (0..<max(workers, 1)).map { _ in Locked(Seat(sifter: LineSifter(plans))) }
  }

  /// Sifts the chunks of a delivery; those whose lines are not an event each are left.
  ///
  /// - Parameter chunks: The chunks.
  /// - Returns: The lines that each reader takes, by chunk and reader, and whether that saves
  ///   anything.
  func sift(_ chunks: [LineChunk]) -> (lines: [[RewrittenLines?]], isOfUse: Bool) {
    DispatchQueue.concurrentPerform(iterations: seats.count) { index in
      seats[index].withLock { seat in
        for place in stride(from: index, to: chunks.count, by: seats.count) {
          let chunk = chunks[place]
          guard chunk.areLines, !chunk.hasArrays, chunk.uncutLength == nil else { continue }
          let sifted = unsafe chunk.withBytes { bytes in
            unsafe seat.sifter.sift(bytes, isAtStreamStart: chunk.isAtStreamStart)
          }
          seat.found.append((place, sifted))
        }
      }
    }
    var lines = [[RewrittenLines?]](repeating: [], count: chunks.count)
    var (count, saved) = (0, 0)
    for seat in seats {
      let found = seat.withLock { seat in
        defer { seat.found.removeAll() }
        return seat.found
      }
      for (chunk, sifted) in found {
        lines[chunk] = sifted.lines
        count += sifted.count
        saved += sifted.saved
      }
    }
    return (lines, saved > count)
  }
}
