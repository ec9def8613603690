import Expressions
import YAML

/// Reads `windows` and `slide`, which must fit each other.
struct WindowLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The slide of a file that names none.
  static let defaultSlide = TimeSpan.minutes(1)
  /// The only window of a file that names none.
  static let defaultWindow = WindowSpecification(
    name: "main",
    kind: .sliding(size: .hours(1), slide: defaultSlide)
  )
  private static let day = TimeSpan.days(1)

  /// A window before the slide is known.
  private struct Draft {
    enum Span {
      case sliding(TimeSpan, slide: TimeSpan?)
      case calendar(CalendarUnit)
      case events(Int)
    }

    var name: String
    var span: Span
    var position: SourcePosition

    var countsEvents: Bool { if case .events = span { true } else { false } }
  }

  /// Reads the windows, and the length of a pane.
  func load(_ root: MappingReader) -> (windows: [WindowSpecification], slide: TimeSpan) {
    let given = root.optional("slide").flatMap { scalars.duration($0, "slide") }
    guard let node = root.optional("windows") else {
      let slide = given ?? Self.defaultSlide
      let window = WindowSpecification(
        name: Self.defaultWindow.name,
        kind: .sliding(size: .hours(1), slide: slide)
      )
      checkPanes(.hours(1), slide, "windows.main", root.keyPosition("slide"))
      return ([window], slide)
    }
    let drafts = drafts(node)
    if let first = drafts.first(where: \.countsEvents) {
      if let timed = drafts.first(where: { !$0.countsEvents }) {
        findings.error(
          first.position,
          "windows.\(first.name): a monitor counts by time or by events, got events here and time "
            + "in \"\(timed.name)\": write two monitors"
        )
      } else if root.has("slide") {
        findings.error(
          root.keyPosition("slide"),
          "slide: windows of events do not slide, got a slide: leave it out"
        )
      }
    }
    let slide = given ?? commonSlide(drafts)
    return (drafts.compactMap { specification($0, slide) }, slide)
  }

  private func drafts(_ node: YAMLNode) -> [Draft] {
    let advice = "write {main: 1h}"
    guard let entries = findings.entries(node, "windows", "a mapping of names", advice, atLeast: 1)
    else { return [] }
    if entries.count > MonitorBounds.windows {
      findings.error(
        entries[MonitorBounds.windows].key.start,
        "windows: \(entries.count) windows, each multiplies the state: "
          + "write at most \(MonitorBounds.windows)"
      )
    }
    return entries.compactMap { entry in
      guard isIdentifier(entry.key.text) else {
        findings.error(
          entry.key.start,
          "windows: not a name, got \"\(entry.key.text.prefix(60))\": use letters, digits and "
            + "underscores, no digit first"
        )
        return nil
      }
      return draft(entry)
    }
  }

  private func draft(_ entry: YAMLNode.Entry) -> Draft? {
    let what = "windows.\(entry.key.text)"
    var draft = Draft(name: entry.key.text, span: .events(1), position: entry.value.position)
    guard case .mapping = entry.value else {
      guard let size = scalars.duration(entry.value, what) else { return nil }
      draft.span = .sliding(size, slide: nil)
      return draft
    }
    guard let reader = MappingReader(entry.value, what, keys: MonitorKeys.window, findings) else {
      return nil
    }
    let kinds = ["size", "calendar", "events"].filter { reader.has($0) }
    guard kinds.count == 1 else {
      findings.error(
        reader.position,
        "\(what): a window has one of size, calendar and events, got "
          + "\(kinds.isEmpty ? "none" : kinds.joined(separator: " and ")): write one"
      )
      return nil
    }
    if reader.has("slide"), kinds != ["size"] {
      findings.error(
        reader.keyPosition("slide"),
        "\(what): only a window with a size slides, got \(kinds[0]) and slide: leave slide out"
      )
    }
    if let size = reader.optional("size") {
      guard let length = scalars.duration(size, "\(what).size") else { return nil }
      draft.span = .sliding(
        length,
        slide: reader.optional("slide").flatMap { scalars.duration($0, "\(what).slide") }
      )
    } else if let unit = reader.optional("calendar") {
      guard let unit = scalars.choice(unit, "\(what).calendar", CalendarUnit.self) else {
        return nil
      }
      draft.span = .calendar(unit)
    } else if let count = reader.optional("events") {
      let range = MonitorBounds.eventsPerWindow
      guard let count = scalars.integer(count, "\(what).events", range) else { return nil }
      draft.span = .events(count)
    } else {
      return nil
    }
    return draft
  }

  /// The longest slide that fits every window's own, a minute for those without.
  private func commonSlide(_ drafts: [Draft]) -> TimeSpan {
    var common: Int64 = 0
    for draft in drafts {
      switch draft.span {
      case .sliding(_, slide: let own):
        common = divisor(common, (own ?? Self.defaultSlide).nanoseconds)
      case .calendar: common = divisor(common, Self.defaultSlide.nanoseconds)
      case .events: break
      }
    }
    return common == 0 ? Self.defaultSlide : TimeSpan(nanoseconds: common)
  }

  /// The greatest common divisor, by Euclid.
  private func divisor(_ left: Int64, _ right: Int64) -> Int64 {
    var (one, other) = (left, right)
    while other != 0 { (one, other) = (other, one % other) }
    return one
  }

  private func specification(_ draft: Draft, _ pane: TimeSpan) -> WindowSpecification? {
    let what = "windows.\(draft.name)"
    switch draft.span {
    case .events(let count): return WindowSpecification(name: draft.name, kind: .events(count))
    case .calendar(let unit):
      if !Self.day.isMultiple(of: pane) {
        findings.error(
          draft.position,
          "\(what): a calendar window needs a slide that divides a day, got \(pane): "
            + "write one such as 1m, 5m or 1h"
        )
      }
      let longest = unit == .day ? 1 : unit == .week ? 7 : 31
      checkPanes(.days(Int64(longest)), pane, what, draft.position)
      return WindowSpecification(name: draft.name, kind: .calendar(unit))
    case .sliding(let size, slide: let own):
      let slide = own ?? pane
      if !slide.isMultiple(of: pane) {
        findings.error(
          draft.position,
          "\(what): its slide is a multiple of the monitor's, got \(slide) and \(pane): "
            + "write a slide that divides both"
        )
      } else if !size.isMultiple(of: slide) {
        findings.error(
          draft.position,
          "\(what): the size is a multiple of the slide, got \(size) and \(slide): "
            + "change one of them"
        )
      }
      checkPanes(size, pane, what, draft.position)
      return WindowSpecification(name: draft.name, kind: .sliding(size: size, slide: slide))
    }
  }

  private func checkPanes(
    _ size: TimeSpan,
    _ pane: TimeSpan,
    _ what: String,
    _ position: SourcePosition
  ) {
    let panes = size.nanoseconds / pane.nanoseconds
    guard panes > MonitorBounds.panesPerWindow else { return }
    findings.error(
      position,
      "\(what): \(size) in panes of \(pane) are \(panes) panes: at most "
        + "\(MonitorBounds.panesPerWindow) are kept, write a longer slide"
    )
  }
}

extension TimeSpan {
  /// Whether the length is a whole number of times the other, which is longer than zero.
  func isMultiple(of other: TimeSpan) -> Bool { nanoseconds % other.nanoseconds == 0 }
}
