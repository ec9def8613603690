/// What goes to those who mend the model: the feedback output.
public enum FeedbackRecord: Sendable, Equatable {
  /// How the framing's claim stands.
  case claim(ClaimRecord)
  /// A request for a label.
  case request(RelabelRequest)
  /// A row to train on.
  case example(TrainingExample)
  /// A new version is to be taken back.
  case rollback(RollbackRecord)

  /// Writes the record as a line.
  public func write(to json: inout JSONWriter) {
    switch self {
    case .claim(let claim): claim.write(to: &json)
    case .request(let request): request.write(to: &json)
    case .example(let example): example.write(to: &json)
    case .rollback(let rollback): rollback.write(to: &json)
    }
  }
}
