internal import Connectors
package import Specification

extension MonitorFiles {
  /// The files of this machine.
  package static let onDisk = MonitorFiles { path in
    do throws(StreamError) {
      return .success(try ByteSource.contents(of: path))
    } catch {
      return .failure(MonitorFiles.Unreadable(reason: "\(error)"))
    }
  }
}
