package import Connectors
internal import Events
internal import Glibc
internal import Ingest
internal import Monitoring
internal import Records

/// What the folder of a state holds, for a person or as JSON; a process may hold it meanwhile.
package struct StateReport {
  /// The state or its copy.
  private struct File {
    let path: String
    let bytes: Int
    /// When it was written, in nanoseconds since 1970.
    let writtenAt: Int64
    /// Why it cannot be gone on with; `nil` where it can.
    let fault: String?
  }

  private let folder: String
  private let isHeld: Bool
  private var files: [File] = []
  /// The state, or its copy where that is of no use; `nil` where both are.
  private var state: AgentState?

  /// Whether the state itself is not there: a process begins anew, whatever its copy says.
  private var isRemoved: Bool { files.first?.path != StateStore.files(of: folder)[0] }

  /// Whether a process could go on from it.
  package var isWhole: Bool { !isRemoved && files.contains { $0.fault == nil } }

  /// Looks into a folder.
  ///
  /// - Parameter folder: The folder that `--state` names.
  /// - Throws: `StreamError.cannotOpen` where it has no state.
  package init(folder: String) throws(StreamError) {
    self.folder = folder
    isHeld = StateStore.isHeld(folder)
    for path in StateStore.files(of: folder) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { continue }
      var fault: String?
      do throws(StateError) {
        let found = try StateStore.read(path)
        state = state ?? found
      } catch {
        fault = error.description
      }
      let time = status.st_mtim
      files.append(
        File(
          path: path,
          bytes: Int(status.st_size),
          writtenAt: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
          fault: fault
        )
      )
    }
    guard !files.isEmpty else { throw .cannotOpen(path: "\(folder)/state", errno: ENOENT) }
  }

  // MARK: For a person

  /// The state as tables.
  package var text: String {
    var lines = [isHeld ? "held by a process" : "held by no process"]
    if isRemoved {
      let file = StateStore.files(of: folder)[0]
      lines.append("\(file): not there: a process begins anew, unless the copy is given this name")
    }
    for file in files {
      let size = "\(grouped(file.bytes)) bytes, written \(Timestamp.format(file.writtenAt))"
      lines.append("\(file.path): \(file.fault == nil ? "whole" : "of no use"), \(size)")
      if let fault = file.fault { lines.append("  \(fault)") }
    }
    for state in state?.monitors ?? [] {
      let key = state.owner.key.isEmpty ? "" : ", with a key of pii"
      lines += ["", "model \(state.owner.model)\(key)"]
      if let number = state.pending {
        lines.append("predictions on the disk: pending.\(number)")
      }
      var table = TextTable(
        ["stream", "lines", "events", "waiting", "bytes read", "clock"],
        alignsRight: [false, true, true, true, true, false]
      )
      for source in state.pipeline.sources {
        table.append([
          source.name, grouped(source.position.lines), grouped(source.position.events),
          grouped(source.position.waitingEvents), source.file.map { grouped($0.offset) } ?? "",
          source.position.clock.map(Timestamp.format) ?? "",
        ])
      }
      lines += table.lines
    }
    return (lines + alertLines + outboxLines).map(visible).joined(separator: "\n") + "\n"
  }

  /// The records that may not be in their topics yet, in words; nothing where there are none.
  private var outboxLines: [String] {
    guard let outbox = state?.outbox, outbox.count > 0 else { return [] }
    return [
      "", "records for the transactions of \(outbox.name)",
      "  \(grouped(outbox.count)), which are written by whoever goes on, where they are not there",
    ]
  }

  /// The alerts of the rules on the agent itself that fire, as a table; nothing where none does.
  private var alertLines: [String] {
    var table = TextTable(
      ["alert", "model", "severity", "fires since", "summary"],
      alignsRight: [false, false, false, false, false]
    )
    for alert in state?.alerts ?? [] {
      table.append([
        alert.name, alert.labels["model"] ?? "", alert.labels["severity"] ?? "",
        Timestamp.format(alert.startsAt), alert.annotations["summary"] ?? "",
      ])
    }
    return table.isEmpty ? [] : ["", "alerts on the agent itself"] + table.lines
  }

  // MARK: For a program

  /// The state as one object.
  package var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("folder", folder)
    writer.member("format", StateStore.formatVersion)
    writer.name("held")
    writer.value(isHeld)
    writer.name("removed")
    writer.value(isRemoved)
    writer.name("files")
    writer.beginArray()
    for file in files {
      writer.beginObject()
      writer.member("path", file.path)
      writer.member("bytes", file.bytes)
      writer.member("written", Timestamp.format(file.writtenAt))
      writer.member("fault", file.fault)
      writer.endObject()
    }
    writer.endArray()
    writer.name("models")
    writer.beginArray()
    for state in state?.monitors ?? [] { add(state, to: &writer) }
    writer.endArray()
    writer.name("alerts")
    writer.beginArray()
    for alert in state?.alerts ?? [] { alert.writeObject(to: &writer) }
    writer.endArray()
    writer.name("outbox")
    if let outbox = state?.outbox {
      writer.beginObject()
      writer.member("transactional_id", outbox.name)
      writer.member("records", outbox.count)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  private func add(_ state: MonitorState, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("model", state.owner.model)
    writer.name("keyed")
    writer.value(!state.owner.key.isEmpty)
    writer.name("pending")
    if let number = state.pending { writer.value(number) } else { writer.null() }
    writer.name("streams")
    writer.beginArray()
    for source in state.pipeline.sources {
      writer.beginObject()
      writer.member("name", source.name)
      writer.member("lines", source.position.lines)
      writer.member("events", source.position.events)
      writer.member("waiting", source.position.waitingEvents)
      writer.name("byte")
      if let file = source.file { writer.value(file.offset) } else { writer.null() }
      writer.member("clock", source.position.clock.map(Timestamp.format))
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
