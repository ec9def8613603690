import Testing

@testable import Connectors

/// What a Kafka client has to say.
@Suite struct KafkaNotesTests {
  @Test func `an error of one kind at one place is said once a minute, with how often it came`() {
    var notes = KafkaNotes()
    let down = { KafkaFailure(place: "kafka at b", code: "_TRANSPORT", reason: $0) }
    notes.note(down("refused (after 3ms)"), now: 0)
    notes.note(down("refused (after 7ms)"), now: 30_000)
    notes.note(
      KafkaFailure(place: "kafka at c", code: "_TRANSPORT", reason: "refused"),
      now: 30_000
    )
    notes.note(KafkaFailure(place: "kafka at b", code: "gap", reason: "lost"), now: 30_000)
    let advice = "check bootstrap_servers, and that a broker listens there"
    #expect(
      notes.take() == [
        "kafka at b: refused (after 3ms) (_TRANSPORT): \(advice)",
        "kafka at c: refused (_TRANSPORT): \(advice)", "kafka at b: lost (gap)",
      ]
    )
    notes.note(down("refused (after 9ms)"), now: 60_000)
    #expect(
      notes.take() == ["kafka at b: refused (after 9ms) (_TRANSPORT): \(advice) (1 more times)"]
    )
    #expect(notes.take() == [])
  }
}
