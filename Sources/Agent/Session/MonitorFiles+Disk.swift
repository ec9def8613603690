internal import Connectors
internal import Events
package import Specification

extension MonitorFiles {
  /// The files of this machine.
  package static let onDisk = MonitorFiles({ read($0) }, zone: { zone($0) })

  /// The files of this machine.
  ///
  /// - Parameter note: Called with the path of each file that is asked for.
  /// - Returns: What reads them.
  static func onDisk(noting note: @escaping @Sendable (String) -> Void) -> MonitorFiles {
    MonitorFiles(
      { path in
        note(path)
        return read(path)
      },
      zone: { zone($0) }
    )
  }

  /// The file of a time zone.
  package static func zone(_ name: String) -> Result<[UInt8], Unreadable> {
    read(zonePath(name, ProcessEnvironment.variables), limit: CivilZone.fileBytesLimit)
  }

  private static func read(
    _ path: String,
    limit: Int = .max
  ) -> Result<[UInt8], Unreadable> {
    do throws(StreamError) {
      return .success(try ByteSource.contents(of: path, limit: limit))
    } catch {
      return .failure(MonitorFiles.Unreadable(reason: "\(error)"))
    }
  }
}
