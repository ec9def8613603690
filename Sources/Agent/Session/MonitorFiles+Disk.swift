internal import Connectors
package import Specification

extension MonitorFiles {
  /// The files of this machine.
  package static let onDisk = MonitorFiles(read)

  /// The files of this machine.
  ///
  /// - Parameter note: Called with the path of each file that is asked for.
  /// - Returns: What reads them.
  static func onDisk(noting note: @escaping @Sendable (String) -> Void) -> MonitorFiles {
    MonitorFiles { path in
      note(path)
      return read(path)
    }
  }

  private static func read(_ path: String) -> Result<[UInt8], Unreadable> {
    do throws(StreamError) {
      return .success(try ByteSource.contents(of: path))
    } catch {
      return .failure(MonitorFiles.Unreadable(reason: "\(error)"))
    }
  }
}
