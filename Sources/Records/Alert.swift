internal import Events

/// One transition of one alert.
///
/// Its 11 properties are the fields of an alert record, as docs/outputs.md lists them.
public struct Alert: Sendable, Equatable {
  /// The rule's name.
  public var name: String
  /// The phase that was entered: pending, firing or resolved.
  public var state: AlertPhase
  /// The same for every transition of the same alert: a hash of the labels, 16 hex digits.
  public var fingerprint: String
  /// The same for all alerts of one rule in one part of the traffic: a hash of the labels without
  /// the signal.
  public var group: String
  /// What the alert is about.
  public var labels: [String: String]
  /// Words for people.
  public var annotations: [String: String]
  /// When it began: to be pending, or to fire; in nanoseconds since 1970.
  public var startsAt: Int64
  /// When the transition was seen, in event time, in nanoseconds since 1970.
  public var time: Int64
  /// Whether it has fired so often that it is kept firing until its condition has been quiet.
  public var isFlapping = false
  /// The incident that it belongs to; `nil` while it is pending.
  public var incident: String?
  /// The numbers behind it.
  public var evidence: Evidence

  /// Makes a transition.
  package init(
    name: String,
    state: AlertPhase,
    fingerprint: String,
    group: String,
    labels: [String: String],
    annotations: [String: String],
    startsAt: Int64,
    time: Int64,
    isFlapping: Bool = false,
    incident: String? = nil,
    evidence: Evidence
  ) {
    self.name = name
    self.state = state
    self.fingerprint = fingerprint
    self.group = group
    self.labels = labels
    self.annotations = annotations
    self.startsAt = startsAt
    self.time = time
    self.isFlapping = isFlapping
    self.incident = incident
    self.evidence = evidence
  }
}

extension Alert {
  /// A hash of labels that is the same everywhere: 16 hex digits.
  package static func fingerprint(_ labels: [String: String]) -> String {
    var bytes: [UInt8] = []
    for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
      bytes.append(contentsOf: name.utf8)
      bytes.append(0xff)
      bytes.append(contentsOf: value.utf8)
      bytes.append(0xff)
    }
    return StableHash.digits(bytes.span)
  }

  /// Writes the alert as one line.
  public func write(to json: inout JSONWriter) {
    writeObject(to: &json)
    json.endLine()
  }

  /// Writes the alert as an object, which may be one of several of a line.
  package func writeObject(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "alert")
    json.member("alert", name)
    json.member("state", state.rawValue)
    json.member("fingerprint", fingerprint)
    json.member("group", group)
    json.member("time", Timestamp.format(time))
    json.member("starts_at", Timestamp.format(startsAt))
    json.member("incident", incident)
    json.name("flapping")
    json.value(isFlapping)
    write("labels", labels, to: &json)
    write("annotations", annotations, to: &json)
    json.name("evidence")
    evidence.write(to: &json)
    json.endObject()
  }

  private func write(_ name: String, _ texts: [String: String], to json: inout JSONWriter) {
    json.name(name)
    json.beginObject()
    for (key, text) in texts.sorted(by: { $0.key < $1.key }) { json.member(key, text) }
    json.endObject()
  }
}
