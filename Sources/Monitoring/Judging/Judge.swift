internal import Records
internal import Specification

/// What judges look at, beside what they keep themselves.
struct JudgingContext {
  /// What is computed.
  let plan: Plan
  /// The numbers that are wanted beside those that rules need.
  let measuring: Measuring
  /// The closed panes.
  let store: PaneStore
  /// The last pane of a stream that has ended; `nil` while it goes on.
  let endedAfter: Int?
}

/// What is said at a pane boundary.
struct Judgement {
  /// When, in nanoseconds since 1970; the least number where nothing was judged.
  var time = Int64.min
  /// How the alerts stand.
  var reports: [AlertReport] = []
  /// The numbers that are wanted.
  var measured: [MeasuredPart] = []
  /// How many windows were judged.
  var windows = 0
  /// What goes to those who mend the model.
  var feedback: [FeedbackRecord] = []

  /// Takes in what another judge says of the same boundary.
  mutating func merge(_ other: Judgement) {
    time = max(time, other.time)
    reports += other.reports
    measured += other.measured
    windows += other.windows
    feedback += other.feedback
  }
}

/// Who says something at pane boundaries: windows with their rules, and error budgets.
///
/// Between boundaries nothing changes, however long a gap is.
protocol Judge {
  /// The boundary at which it is asked next; `nil` while nothing can change.
  var nextBoundary: Int? { get }

  /// Takes in a closed pane; panes come in increasing order.
  mutating func add(_ pane: PaneCounts)

  /// Judges what is due at its next boundary; all panes before it are closed.
  mutating func judge(at boundary: Int, _ context: JudgingContext) -> Judgement
}
