internal import Events
internal import Expressions
internal import Sketches
internal import Specification
internal import Statistics

/// Draws the predictions whose labels are asked for, pane by pane.
///
/// At a pane's end the k with the smallest ranks hash/weight are asked, k fixed before the pane by
/// what the budgets have left; the probability of each is that given the threshold, so that it is true
/// where the budget binds, too. Weights prefer decisions that are uncertain and costly; their scale
/// comes from earlier panes.
struct RelabelSampler: Sendable {
  private let relabel: FeedbackSpecification.Relabel
  /// The policy's name, as it is hashed behind an id.
  private let policy: [UInt8]
  /// What was spent of each budget.
  private var spent: [Spent]
  /// The sum and the number of √(q(1 − q))·cost of earlier panes.
  private var scale = (sum: 0.0, count: 0)

  /// How many were asked in the stretch of time in which a budget stands.
  private struct Spent {
    /// The stretch's number: its start over its length.
    var stretch = Int64.min
    /// Where its first pane begins, in nanoseconds since 1970: what is not spent before is lost.
    var begin = Int64.min
    var count = 0
  }

  init(_ relabel: FeedbackSpecification.Relabel) {
    self.relabel = relabel
    var writer = ByteWriter()
    writer.write(string: relabel.policy)
    policy = writer.bytes
    spent = relabel.budgets.map { _ in Spent() }
  }

  /// A prediction that may be asked for.
  struct Candidate {
    /// The hash of its id.
    let id: EventID
    /// √(q(1 − q))·cost: how uncertain and costly the decision is; `nil` where that is not known.
    let doubt: Double?
    /// By how much alerts raise it.
    let raise: Double
  }

  /// Draws from the predictions of a pane.
  ///
  /// - Parameters:
  ///   - candidates: All of them.
  ///   - pane: The pane's start and end, in nanoseconds since 1970.
  /// - Returns: The places of those that are asked, each with its probability, in the order of places.
  mutating func draw(
    _ candidates: [Candidate],
    in pane: Range<Int64>
  ) -> [(place: Int, inclusion: Double)] {
    let size = room(in: pane)
    var sample = BottomKSample(size: size)
    var writer = ByteWriter()
    for (place, candidate) in candidates.enumerated() {
      writer.removeAll()
      writer.write(candidate.id)
      writer.write(raw: policy)
      sample.insert(
        BottomKSample.Candidate(
          hash: StableHash.hash(writer.bytes.span, seed: 0x7265_6C61_6265_6C),
          weight: weight(candidate),
          id: UInt64(place)
        )
      )
    }
    for candidate in candidates {
      guard let doubt = candidate.doubt else { continue }
      scale.sum += doubt
      scale.count += 1
    }
    let members = sample.members.map { (Int($0.candidate.id), $0.inclusion) }
    for index in spent.indices { spent[index].count += members.count }
    return members.sorted { $0.0 < $1.0 }
  }

  /// How much a prediction weighs: a part that all have alike, and one by its doubt.
  private func weight(_ candidate: Candidate) -> Double {
    let uniform = relabel.uniform
    guard let doubt = candidate.doubt, scale.sum > 0 else { return candidate.raise }
    let mean = scale.sum / Double(scale.count)
    // A prediction without doubt must have a chance, or nothing could be said of it.
    return max(uniform + (1 - uniform) * doubt / mean, 1e-6) * candidate.raise
  }

  /// Whether a prediction weighs more by its doubt than by what all have alike.
  func isUncertain(_ candidate: Candidate) -> Bool {
    guard let doubt = candidate.doubt, scale.sum > 0 else { return false }
    return (1 - relabel.uniform) * doubt * Double(scale.count) / scale.sum > relabel.uniform
  }

  /// How many may be asked in a pane: of each budget the part of its stretch that has passed since
  /// the first pane in it, less what was asked in it.
  private mutating func room(in pane: Range<Int64>) -> Int {
    var room = Int.max
    for (index, budget) in relabel.budgets.enumerated() {
      let length = budget.length.nanoseconds
      let stretch = floorDivide(pane.upperBound - 1, length)
      if spent[index].stretch != stretch {
        let begin = max(pane.lowerBound, stretch * length)
        spent[index] = Spent(stretch: stretch, begin: begin)
      }
      let passed = Double(pane.upperBound - spent[index].begin) / Double(length)
      room = min(room, Int(Double(budget.count) * min(passed, 1)) - spent[index].count)
    }
    return relabel.budgets.isEmpty ? 0 : max(0, room)
  }

  /// The id of a request for a prediction.
  func requestID(_ id: EventID, model: String) -> String {
    var writer = ByteWriter()
    writer.write(id)
    writer.write(raw: policy)
    writer.write(string: model)
    return "rq-" + StableHash.digits(writer.bytes.span)
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(spent.count))
    for one in spent {
      writer.write(one.stretch)
      writer.write(one.begin)
      writer.write(one.count)
    }
    writer.write(scale.sum)
    writer.write(scale.count)
  }

  /// Takes over what was written; budgets that are others now begin anew.
  mutating func restore(from reader: inout ByteReader) throws(CodingError) {
    var kept: [Spent] = []
    for _ in 0..<(try reader.readCount(limit: 64)) {
      kept.append(
        Spent(stretch: try reader.read(), begin: try reader.read(), count: try reader.read())
      )
    }
    if kept.count == spent.count { spent = kept }
    scale = (try reader.read(), try reader.read())
  }
}
