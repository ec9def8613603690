internal import Connectors
internal import Events
internal import Ingest
package import Monitoring
package import Specification
package import YAML

/// A monitor file that was read and accepted.
package struct LoadedMonitor: Sendable {
  /// The file: what the monitor names is relative to it.
  package let path: String
  /// What it says.
  package let monitor: Monitor
  /// What in it has no effect or is probably not meant.
  package let warnings: [Diagnostic]
  /// The file, and those that it names and that were read with it.
  package let files: [String]

  /// Reads and checks a monitor file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - environment: The variables that it may name.
  /// - Throws: `SessionError.stream` when it cannot be read, `refusedMonitor` with all that was found.
  package init(path: String, environment: [String: String]) throws(SessionError) {
    let bytes = try SessionError.wrapping { () throws(StreamError) in
      try ByteSource.contents(of: path)
    }
    let named = Locked<[String]>([])
    let (monitor, diagnostics) = Monitor.load(
      bytes: bytes,
      file: path,
      environment: environment,
      files: .onDisk(noting: { name in named.withLock { $0.append(name) } })
    )
    let found = diagnostics.filter { $0.severity != .note }
    guard let monitor else { throw .refusedMonitor(found) }
    self.path = path
    self.monitor = monitor
    warnings = found
    files = [path] + named.withLock { $0 }
  }

  /// A monitor that was read from a file.
  package init(_ monitor: Monitor, at path: String) {
    self.path = path
    self.monitor = monitor
    warnings = []
    files = [path]
  }

  /// The profile's path.
  ///
  /// - Parameter given: The one that was asked for; `nil`: the one that the monitor names.
  /// - Returns: `nil` when there is none.
  package func profilePath(_ given: String?) -> String? {
    given ?? monitor.profile.map { MonitorFiles.path($0, beside: path) }
  }

  /// A hash of all that the plan is made of: the monitor's files and its profile.
  ///
  /// - Parameter profile: The profile that was asked for; `nil`: the one that the monitor names.
  /// - Returns: `nil` where one of them cannot be read.
  package func digest(profile: String? = nil) -> UInt64? {
    var bytes: [UInt8] = []
    for file in files + (profilePath(profile).map { [$0] } ?? []) {
      guard let content = try? ByteSource.contents(of: file) else { return nil }
      bytes += Array("\(file) \(content.count) ".utf8) + content
    }
    return StableHash.hash(bytes.span)
  }

  /// Reads a profile and works it out against the monitor.
  ///
  /// - Parameters:
  ///   - profile: The profile's path; `nil`: the one that the monitor names.
  ///   - wantsMetrics: Whether every statistic is worked out.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
  /// - Returns: The plan, with its warnings.
  /// - Throws: `SessionError.noProfile` where there is none and one is needed; `stream` or `unreadableProfile` when it cannot be read;
  ///   `mismatch` when the two do not go together.
  package func plan(
    profile: String?,
    wantsMetrics: Bool,
    wantsDistinct: Bool? = nil
  ) throws(SessionError) -> Plan {
    let file = profilePath(profile)
    var reference = Profile?.none
    if let file { reference = try Profile(file: file) }
    do {
      return try Plan(
        monitor: monitor,
        profile: reference,
        wantsMetrics: wantsMetrics,
        wantsDistinct: wantsDistinct
      )
    } catch {
      guard let file else { throw .noProfile(monitor: path, error) }
      throw .mismatch(monitor: path, profile: file, error)
    }
  }
}

extension Profile {
  /// Reads a profile.
  ///
  /// - Parameter path: The file.
  /// - Throws: `SessionError.stream` or `unreadableProfile`.
  package init(file path: String) throws(SessionError) {
    let bytes = try SessionError.wrapping { () throws(StreamError) in
      try ByteSource.contents(of: path)
    }
    do {
      self = try Profile(decoding: bytes)
    } catch {
      throw .unreadableProfile(path: path, error)
    }
  }
}
