internal import Sketches

/// The alerts that withhold others, so that asking whether one is withheld does not walk over them.
struct Inhibitors: Sendable {
  /// What the alerts of one part of the traffic say is broken.
  private struct Broken {
    /// How many alerts there are.
    var count = 0
    /// How many are about all signals.
    var ofAll = 0
    var ofSignal: [String: Int] = [:]

    mutating func add(_ signals: AlertScope.Signals, _ change: Int) {
      count += change
      switch signals {
      case .all: ofAll += change
      case .some(let names):
        for name in names {
          let sum = (ofSignal[name] ?? 0) + change
          ofSignal[name] = sum == 0 ? nil : sum
        }
      }
    }

    func meets(_ signals: AlertScope.Signals) -> Bool {
      switch signals {
      case .all: count > 0
      case .some(let names): ofAll > 0 || names.contains { ofSignal[$0] != nil }
      }
    }
  }

  private var scopes: [AlertKey: AlertScope] = [:]
  private var broken: [PartName: Broken] = [:]

  /// Puts an alert in, or takes it out where the scope is `nil`.
  mutating func set(_ scope: AlertScope?, for key: AlertKey) {
    let old = scopes[key]
    guard old != scope else { return }
    scopes[key] = scope
    var counts = broken[key.part] ?? Broken()
    if let old { counts.add(old.signals, -1) }
    if let scope { counts.add(scope.signals, 1) }
    broken[key.part] = counts.count == 0 ? nil : counts
  }

  /// What an alert that withholds others is about.
  func scope(of key: AlertKey) -> AlertScope? { scopes[key] }

  /// Whether an alert is withheld: one of these, of the whole or of its part, is about its signals.
  func withhold(_ scope: AlertScope, in part: PartName) -> Bool {
    guard scope.cause.isInhibited else { return false }
    return broken[.whole]?.meets(scope.signals) == true
      || broken[part]?.meets(scope.signals) == true
  }
}

extension Inhibitors: ByteCodable {
  func encode(into writer: inout ByteWriter) { writer.write(scopes) }

  init(from reader: inout ByteReader) throws(CodingError) {
    let all: [AlertKey: AlertScope] = try reader.read()
    for (key, scope) in all { set(scope, for: key) }
  }
}

extension AlertScope: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(cause)
    switch signals {
    case .all: writer.write([String]?.none)
    case .some(let names): writer.write([String]?.some(names))
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    cause = try reader.read()
    let names: [String]? = try reader.read()
    signals = names.map { .some($0) } ?? .all
  }
}
