internal import Specification

extension OutcomeBook {
  /// What does not change.
  ///
  /// Its 10 properties are settings and limits that do not depend on each other.
  struct Settings: Sendable {
    let quality: QualitySpecification
    let slidePanes: Int
    let paneWidth: Int64
    /// Whether quality can be told without outcomes.
    let estimates: Bool
    /// The dimension of versions; `nil` where predictions have none.
    let versionDimension: Int?
    /// Whether labels are asked for.
    let asks: Bool
    /// Whether rows to train on leave before they are final.
    let isEarly: Bool
    /// The most predictions that wait.
    let predictions: Int
    /// The most outcomes that wait.
    let outcomes: Int
    /// The most windows that are open.
    let windows: Int
  }
}
