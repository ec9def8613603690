import Glibc

/// The shipped executable on generated events: everything that `leeway replay` does.
///
/// It decodes strictly and counts 18 numbers (a grid of up to 386 cells, sums, extremes, distinct
/// values), 6 categories and 2 booleans in 3 segments, and judges drift of all of them every hour of
/// event time. The events are read from a file.
struct Replaying {
  private let executable: String
  private let folder: String

  /// Writes the events and the monitor, and profiles the events.
  init(_ executable: String, _ bytes: [UInt8], count: Int) {
    let pattern = "\(P_tmpdir)/leeway-bench-" + String(repeating: "X", count: 6)
    var template = Array(pattern.utf8CString)
    guard unsafe mkdtemp(&template) != nil else { fatalError("no temporary folder: \(errno)") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.executable = executable
    write(bytes.prefix(count), to: "events.ndjson")
    write(Array(Self.monitor.utf8)[...], to: "monitor.yaml")
    run(
      ["profile", "-q", "-m", "\(folder)/monitor.yaml", "-o", "\(folder)/bench.profile"] + [events]
    )
  }

  private var events: String { "\(folder)/events.ndjson" }

  /// Replays the events once.
  func replay(threads: Int) {
    run([
      "replay", "-q", "-m", "\(folder)/monitor.yaml", "-o", "/dev/null", "--threads", "\(threads)",
      events,
    ])
  }

  /// Removes the files.
  func removeFiles() {
    for name in ["events.ndjson", "monitor.yaml", "bench.profile"] {
      unsafe unlink("\(folder)/\(name)")
    }
    unsafe rmdir(folder)
  }

  /// The monitor of the generated events.
  static var monitor: String {
    let fields = EventGenerator.numbers + EventGenerator.categories + EventGenerator.booleans
    let features = fields.map { "features.\($0)" }.joined(separator: ", ")
    return """
      model: car-loan
      events:
        prediction:
          time: ts
          features: [\(features)]
          segments: [version]
      reference: {profile: bench.profile}
      windows:
        main: {size: 1h, slide: 1h}
      rules:
        - alert: InputDrift
          expr: drift(features.*) > 0.1

      """
  }

  /// The same with latency, failures, five KPIs and three error budgets.
  static var wideMonitor: String {
    monitor.replacing(
      "    segments: [version]\n",
      with: """
            segments: [version]
            latency: {field: trace, unit: ns}
            failure: host == "scorer-3"
        kpis:
          approved_value: sum(features.amount where features.channel == "web")
          ios_rate: mean(features.device == "ios")
          returning_share: ratio(sum(features.age where features.returning), sum(features.age))
          premium: count(where features.segment == "premium")
          basket: p95(features.basket)
        slos:
          - {name: availability, good: host != "scorer-3", objective: 99.9%, period: 30d}
          - {name: fast, good: latency <= 900ms, objective: 99%, period: 30d}
          - {name: verified, good: features.verified, objective: 95%, period: 28d}
        slide: 5m

        """
    )
    .replacing("bench.profile", with: "wide.profile")
  }

  private func write(_ bytes: ArraySlice<UInt8>, to name: String) {
    guard let file = unsafe fopen("\(folder)/\(name)", "w") else {
      fatalError("cannot write \(folder)/\(name)")
    }
    _ = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    unsafe fclose(file)
  }

  private func run(_ arguments: [String]) {
    var words = unsafe ([executable] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    var child: pid_t = 0
    let spawned = unsafe posix_spawn(&child, executable, nil, nil, words, environ)
    guard spawned == 0 else { fatalError("cannot start \(executable): \(spawned)") }
    var status: Int32 = 0
    unsafe waitpid(child, &status, 0)
    for index in unsafe words.indices { unsafe free(words[index]) }
    precondition(status == 0, "\(executable) \(arguments) ended with \(status)")
  }
}
