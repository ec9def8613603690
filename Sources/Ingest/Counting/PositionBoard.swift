internal import Glibc
package import Monitoring

/// Where each stream stands: handed from chunk to chunk in the stream's order.
///
/// A worker decodes its chunk, then waits here for the chunk before it to be placed, places its own
/// rows and hands on. Waiting is rare and short: the worker before has had as long to decode.
package final class PositionBoard: Sendable {
  private struct Entry {
    var position = StreamPosition()
    var placed = 0
  }

  private let entries: Locked<[Entry]>

  package init(streams: Int) {
    entries = Locked([Entry](repeating: Entry(), count: streams))
  }

  /// The position before a chunk, as soon as all chunks before it are placed.
  package func position(before ticket: Ticket) -> StreamPosition {
    while true {
      let position: StreamPosition? = entries.withLock { entries in
        let entry = entries[ticket.source]
        return entry.placed == ticket.sequence ? entry.position : nil
      }
      if let position { return position }
      sched_yield()
    }
  }

  /// Notes the position after a chunk.
  package func publish(_ position: StreamPosition, after ticket: Ticket) {
    entries.withLock { entries in
      entries[ticket.source].position = position
      entries[ticket.source].placed = ticket.sequence + 1
    }
  }

  /// Takes up one more stream; of use while no worker runs.
  package func append(_ position: StreamPosition) {
    entries.withLock { $0.append(Entry(position: position)) }
  }

  /// Notes that panes were judged: what still comes for them is late, whichever stream it is from.
  package func close(through pane: Int) {
    entries.withLock { entries in
      for index in entries.indices {
        entries[index].position.closedPane = max(entries[index].position.closedPane ?? pane, pane)
      }
    }
  }

  /// The clock of a stream as of the chunks that are placed.
  package func clock(of source: Int) -> Int64? {
    entries.withLock { $0[source].position.clock }
  }

  /// How many predictions and outcomes with a time a stream has had as of the chunks that are placed.
  package func heard(from source: Int) -> Int {
    entries.withLock { $0[source].position.heard + $0[source].position.outcomesHeard }
  }

  /// Changes the position of a stream; of use while no worker runs.
  package func change<R>(_ source: Int, _ body: (inout StreamPosition) -> R) -> R {
    entries.withLock { body(&$0[source].position) }
  }

  /// The positions of all streams; of use while no worker runs.
  package var positions: [StreamPosition] {
    entries.withLock { $0.map(\.position) }
  }
}
