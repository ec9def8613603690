package import Connectors
internal import Records

/// Why a state folder cannot be used.
package enum StateError: Error, Equatable {
  /// It cannot be read or written.
  case stream(StreamError)
  /// Another process holds it.
  case held(folder: String)
  /// The file is something else.
  case notAState(path: String)
  /// The state was written by another version of leeway.
  case otherVersion(path: String, Int)
  /// The bytes are not those that were written.
  case damaged(path: String)
  /// The state is another model's.
  case otherModel(path: String, model: String, got: String)
  /// The state was kept with another key of `pii`, or one of both was made without.
  case otherKey(path: String)
  /// A file begins as it did, and is shorter than what was read of it.
  case shorterFile(name: String, offset: Int)
  /// Predictions wait on the disk, so that nobody goes on in the place of their monitor.
  case waitingOnDisk(model: String)
  /// What a monitor says otherwise by a key is taken up by a new process alone.
  case needsRestart(model: String, key: String)
  /// Records of the state may not be in their topics yet, and are not written by whoever goes on.
  case unwritten(path: String, records: Int, name: String)
  /// Records wait for a cluster, so that a state which says that they are out is not written.
  case unacknowledged(records: Int)
}

extension StateError: CustomStringConvertible {
  /// Where, what, got, do what.
  package var description: String {
    switch self {
    case .stream(let error): error.description
    case .held(let folder):
      "\(folder): another leeway holds this state folder: stop it, or give this one its own folder"
    case .notAState(let path): "\(path): not a state of leeway: give --state a folder of its own"
    case .otherVersion(let path, let version):
      "\(path): a state of format \(version), and this leeway reads the formats "
        + "\(AgentState.formats.lowerBound) to \(AgentState.formats.upperBound): run the one that "
        + "wrote it, or remove the file to begin anew"
    case .damaged(let path):
      "\(path): the state is damaged: remove the file to begin anew, or put a copy of it back"
    case .otherModel(let path, let model, let got):
      "\(path): the state of model \(got), and the monitor is of \(model): give each its own folder"
    case .otherKey(let path):
      "\(path): the state was kept with another key of pii, or only one of it and the monitor has "
        + "pii: give --state another folder to begin anew, or take the key that it had"
    case .shorterFile(let name, let offset):
      "\(name): \(offset) bytes of it were read, and now it is shorter: give the whole file, or "
        + "begin anew with another state folder"
    case .waitingOnDisk(let model):
      "\(model): predictions wait on the disk: what changed is taken up when the process is started "
        + "anew"
    case .needsRestart(let model, let key):
      "\(model): \(key) is another one: what changed is taken up when the process is started anew"
    case .unwritten(let path, let records, let name):
      "\(path): \(counted(records, "record")) may not be in the topics yet: write "
        + "sinks: {transactional_id: \(name)} in the agent file, which writes what is missing, and "
        + "change it after the next stop"
    case .unacknowledged(let records):
      "the state is not kept now, because \(records) records are not acknowledged yet: it is tried "
        + "again later"
    }
  }
}
