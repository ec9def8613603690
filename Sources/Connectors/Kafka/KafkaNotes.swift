/// What a client has to say: the same at most once a minute, with how often it came meanwhile.
struct KafkaNotes {
  /// Why the client is of no use any more.
  var failure: KafkaFailure?
  private var waiting: [String] = []
  /// When a sentence was last said, in milliseconds of the monotonic clock, and how often it came
  /// since.
  private var said: [String: (at: Int64, repeats: Int)] = [:]

  /// For how long a sentence is not said again, in milliseconds.
  static let interval: Int64 = 60_000
  /// How many sentences are remembered; of more all are forgotten, and said once more.
  static let sentenceLimit = 256

  /// Notes a failure that the client goes on after.
  mutating func note(_ failure: KafkaFailure) {
    let sentence = failure.description
    let now = KafkaClient.milliseconds()
    if let last = said[sentence], now - last.at < Self.interval {
      said[sentence] = (last.at, last.repeats + 1)
      return
    }
    let repeats = said[sentence]?.repeats ?? 0
    if said.count >= Self.sentenceLimit { said = [:] }
    said[sentence] = (now, 0)
    waiting.append(repeats == 0 ? sentence : sentence + " (\(repeats) more times)")
  }

  /// Hands over what is to be said.
  mutating func take() -> [String] {
    defer { waiting = [] }
    return waiting
  }
}
