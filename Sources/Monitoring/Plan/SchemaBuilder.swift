internal import Events
internal import Expressions
internal import Specification

/// Collects the columns that a monitor needs, each path and form once.
struct SchemaBuilder {
  private(set) var slots: [Schema.Slot] = []
  let timeSlot: Int
  private(set) var predicateSlots: [Int] = []

  /// Takes the time and what the `when` condition reads.
  init(monitor: Monitor) {
    slots = [Schema.Slot(path: monitor.prediction.time, form: .token)]
    timeSlot = 0
    for field in monitor.prediction.when?.fields ?? [] {
      predicateSlots.append(slot(field.path, field.form))
    }
  }

  /// The column of a path in a form.
  mutating func slot(_ path: FieldPath, _ form: Schema.Form) -> Int {
    let wanted = Schema.Slot(path: path, form: form)
    if let index = slots.firstIndex(of: wanted) { return index }
    slots.append(wanted)
    return slots.count - 1
  }

  func schema(wildcards: [FieldPath]) -> Schema {
    Schema(slots: slots, wildcards: wildcards)
  }
}
