/// What a client has to say: of one kind at one place at most once a minute, with how often it came
/// meanwhile.
struct KafkaNotes {
  /// Why the client is of no use any more.
  var failure: KafkaFailure?
  private var waiting: [String] = []
  /// When a kind at a place was last said, in milliseconds of the monotonic clock, and how often it
  /// came since.
  private var said: [String: (at: Int64, repeats: Int)] = [:]

  /// For how long a kind is not said again of a place, in milliseconds.
  static let interval: Int64 = 60_000
  /// How many of them are remembered; of more all are forgotten, and said once more.
  static let rememberedLimit = 256

  /// Notes a failure that the client goes on after.
  ///
  /// - Parameters:
  ///   - failure: What it is.
  ///   - now: The monotonic clock, in milliseconds.
  mutating func note(_ failure: KafkaFailure, now: Int64 = KafkaClient.milliseconds()) {
    let kind = failure.code + " " + failure.place
    if let last = said[kind], now - last.at < Self.interval {
      said[kind] = (last.at, last.repeats + 1)
      return
    }
    let repeats = said[kind]?.repeats ?? 0
    if said.count >= Self.rememberedLimit { said = [:] }
    said[kind] = (now, 0)
    let sentence = failure.description
    waiting.append(repeats == 0 ? sentence : sentence + " (\(repeats) more times)")
  }

  /// Hands over what is to be said.
  mutating func take() -> [String] {
    defer { waiting = [] }
    return waiting
  }
}
