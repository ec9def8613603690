internal import Records

/// Records of one kind on their way out: whole lines, and what each is about.
struct RecordBatch {
  /// Where each line ends in them, its newline included; only where keys are asked for.
  private(set) var ends: [Int] = []
  /// What each line is about; only where keys are asked for.
  private(set) var keys: [String] = []

  private var json = JSONWriter()
  private let wantsKeys: Bool

  init(wantsKeys: Bool) { self.wantsKeys = wantsKeys }

  /// The lines.
  var lines: [UInt8] { json.bytes }

  /// Holds other records from now on, and keeps the memory where it is no more than ordinary rounds
  /// need.
  ///
  /// - Parameter fill: Adds them.
  mutating func hold(_ fill: (inout RecordBatch) -> Void) {
    if json.bytes.count > Self.keptBytes { json = JSONWriter() } else { json.removeAll() }
    ends.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    fill(&self)
  }

  /// The bytes of lines whose memory is kept from one round to the next.
  private static let keptBytes = 4 << 20

  /// Adds a record.
  ///
  /// - Parameters:
  ///   - key: What it is about: of records with the same key the last one stands.
  ///   - write: Writes it; a line, or more of the same key.
  mutating func add(key: @autoclosure () -> String, _ write: (inout JSONWriter) -> Void) {
    let start = json.bytes.count
    write(&json)
    guard wantsKeys else { return }
    for index in start..<json.bytes.count where json.bytes[index] == 0x0a {
      ends.append(index + 1)
      keys.append(key())
    }
  }
}

extension RecordBatch {
  /// Visits the records, each with its key and without its newline.
  func forEach<E: Error>(_ visit: (String, ArraySlice<UInt8>) throws(E) -> Void) throws(E) {
    var start = 0
    for (end, key) in zip(ends, keys) {
      try visit(key, lines[start..<(end - 1)])
      start = end
    }
  }
}

extension Notice {
  /// An alert's transitions have one key, an incident's records another.
  var key: String {
    switch self {
    case .alert(let alert): alert.fingerprint
    case .incident(let incident): incident.id
    }
  }
}

extension FeedbackRecord {
  /// The kind of record and the model, then what it is about: a topic may have several of each.
  var key: String {
    let parts: [String] =
      switch self {
      case .claim(let claim): ["claim", claim.model]
      case .request(let request): ["relabel_request", request.model, request.id]
      case .example(let example):
        ["training_example", example.model, example.id, example.version ?? ""]
      case .rollback(let rollback): ["rollback", rollback.model, rollback.canary]
      }
    return parts.joined(separator: "|")
  }
}

extension MeasuredPart {
  /// The window of a part of the traffic, whichever time it is of.
  var key: String { [model, window, version ?? "", segment ?? ""].joined(separator: "|") }
}

extension DeadLetter {
  /// The line's place.
  var key: String { "\(source):\(line)" }
}
