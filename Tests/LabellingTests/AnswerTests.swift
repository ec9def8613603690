import Labelling
import Testing

/// Answers of each tool become outcomes, one an annotation.
@Suite struct AnswerTests {
  private static func outcome(
    label: String = "\"1\"",
    ts: String = "2026-11-28T12:00:00.123456Z",
    annotator: String = "\"3\"",
    source: String = "human",
    skipped: Bool = false
  ) -> String {
    #"{"kind":"outcome","id":"50000","version":"7","ts":"\#(ts)","label":\#(label),"#
      + #""annotator":\#(annotator),"source":"\#(source)","skipped":\#(skipped),"#
      + #""request_id":"rq-1"}"#
  }

  private static func annotation(
    _ value: String = #"{"choices":["1"]}"#,
    cancelled: Bool = false,
    from: String = "label",
    by: String = "3"
  ) -> String {
    let result =
      cancelled
      ? "" : #"{"id":"x","from_name":"\#(from)","to_name":"row","type":"t","value":\#(value)}"#
    return #"{"id":9,"completed_by":\#(by),"result":[\#(result)],"was_cancelled":\#(cancelled),"#
      + #""created_at":"2026-11-28T12:00:00.123456Z","unique_id":"u"}"#
  }

  private static func task(_ annotations: String...) -> String {
    #"{"id":1,"annotations":[\#(annotations.joined(separator: ","))],"#
      + #""data":{"features":{},"leeway":\#(origin)},"meta":{},"predictions":[]}"#
  }

  private static func webhook(_ action: String, _ annotation: String) -> String {
    #"{"action":"\#(action)","annotation":\#(annotation),"project":{"id":1},"task":"#
      + #"{"id":1,"data":{"features":{},"leeway":\#(origin)}}}"#
  }

  @Test func `a webhook body is an outcome`() {
    for action in ["ANNOTATION_CREATED", "ANNOTATION_UPDATED"] {
      let converted = convert(Self.webhook(action, Self.annotation()), .labelStudio, answers)
      #expect(converted.lines == [Self.outcome()])
      #expect(converted.findings.isEmpty)
    }
  }

  @Test func `a skipped annotation has no label, and is not a negative one`() {
    let skipped = Self.annotation(cancelled: true)
    let converted = convert(
      Self.webhook("ANNOTATION_CREATED", skipped) + "\n[" + Self.task(skipped) + "]",
      .labelStudio,
      answers
    )
    let line = Self.outcome(label: "null", skipped: true)
    #expect(converted.lines == [line, line])
    #expect(converted.tally.skipped == 2)
  }

  @Test func `a webhook body about something else is passed over, one of many is said`() {
    let bodies = [
      #"{"action":"TASKS_CREATED","tasks":[]}"#,
      #"{"action":"ANNOTATIONS_DELETED","annotations":[{"id":9}]}"#,
      #"{"action":"ANNOTATIONS_CREATED","annotation":[]}"#, #"{"action":"ANNOTATION_CREATED"}"#,
    ]
    let converted = convert(bodies.joined(separator: "\n"), .labelStudio, answers)
    #expect(converted.output.isEmpty)
    #expect(converted.tally.passedOver == 2)
    #expect(
      converted.messages == [
        "a webhook body of several annotations: export the project instead",
        "a webhook body without its task: let the webhook send the payload",
      ]
    )
  }

  @Test func `each annotation of an exported task is an outcome, also when it is one of several`() {
    let export =
      "[\n  "
      + Self.task(
        Self.annotation(),
        Self.annotation(#"{"choices":["0"]}"#, by: "4"),
        Self.annotation(cancelled: true, by: #"{"id":5,"email":"a@b"}"#)
      ) + ",\n" + Self.task() + "]"
    let converted = convert(export, .labelStudio, answers)
    #expect(
      converted.lines == [
        Self.outcome(), Self.outcome(label: "\"0\"", annotator: "\"4\""),
        Self.outcome(label: "null", annotator: "\"5\"", skipped: true),
      ]
    )
    #expect(converted.tally.unanswered == 1)
  }

  @Test func `an annotation that cannot be read leaves the others of its task`() {
    let export =
      "["
      + Self.task(
        Self.annotation(#"{"choices":["1","0"]}"#),
        Self.annotation(from: "other"),
        Self.annotation(#"{"polygon":[]}"#),
        "3",
        Self.annotation()
      ) + "]"
    let converted = convert(export, .labelStudio, answers)
    #expect(converted.lines == [Self.outcome()])
    #expect(
      converted.messages == [
        "annotation 9: the answer to \"label\" is not one label: ask for a single choice, a number "
          + "or a text",
        "annotation 9: nothing of it is named \"label\", but \"other\": say with --from-name which "
          + "is the label",
        "annotation 9: the answer to \"label\" is not one label: ask for a single choice, a number "
          + "or a text",
        "annotation 4: it is not an object: mend it or leave it out",
      ]
    )
  }

  @Test(arguments: [
    (#"{"number":120.50}"#, "120.50"), (#"{"rating":4}"#, "4"), (#"{"text":["late"]}"#, #""late""#),
    (#"{"text":"late"}"#, #""late""#), (#"{"choices":["été\n"]}"#, #""été\n""#),
  ])
  func `a number stays a number, a text a text`(value: String, label: String) {
    let converted = convert("[" + Self.task(Self.annotation(value)) + "]", .labelStudio, answers)
    #expect(converted.lines == [Self.outcome(label: label)])
  }

  @Test func `an answer that was changed has the time of the change`() {
    let changed = Self.annotation().replacing(
      #""unique_id""#,
      with: #""updated_at":"2026-11-28T13:00:00Z","unique_id""#
    )
    let converted = convert("[" + Self.task(changed) + "]", .labelStudio, answers)
    #expect(converted.lines == [Self.outcome(ts: "2026-11-28T13:00:00Z")])
  }

  @Test func `a row of JSON_MIN is an outcome, whatever its own id`() {
    func row(_ label: String) -> String {
      #"{"features":{},"leeway":\#(origin),"id":1,\#(label)"annotator":3,"annotation_id":1,"#
        + #""created_at":"2026-11-28T12:00:00.123456Z","lead_time":3.2}"#
    }
    let unanswered = #"{"features":{},"leeway":\#(origin),"id":2,"annotation_id":null}"#
    let rows = [
      row(#""label":"1","#), unanswered, row(""), row(#""label":{"choices":["0","1"]},"#),
    ]
    let converted = convert("[\(rows.joined(separator: ","))]", .labelStudio, answers)
    #expect(converted.lines == [Self.outcome()])
    #expect(converted.tally.unanswered == 1)
    #expect(converted.findings.map(\.element) == [3, 4])
    #expect(
      converted.messages[0]
        == "nothing of it is named \"label\": say with --from-name which is the label"
    )
    let other = convert("[\(row("\"verdict\":\"1\","))]", .labelStudio, answers)
    #expect(
      other.messages == [
        "nothing of it is named \"label\", but \"verdict\": say with --from-name which is the label"
      ]
    )
  }

  @Test func `a task that is not of Leeway is passed over`() {
    let foreign = Self.task(Self.annotation()).replacing("\"leeway\"", with: "\"other\"")
    let converted = convert("[\(foreign)]", .labelStudio, answers)
    #expect(converted.tally.passedOver == 1)
    #expect(converted.output.isEmpty && converted.findings.isEmpty)
  }

  @Test func `ids that are numbers are ids, and other versions are refused`() {
    let numbers = Self.task(Self.annotation(by: "\"anna\""))
      .replacing(#""prediction_id":"50000""#, with: #""prediction_id":50000.0"#)
      .replacing(#""version":"7""#, with: #""version":null"#)
    let wrong = Self.task(Self.annotation())
      .replacing(#""version":"7""#, with: #""version":{}"#)
    let converted = convert("[\(numbers),\(wrong)]", .labelStudio, answers)
    let line = Self.outcome(annotator: "\"anna\"").replacing(
      #""version":"7""#,
      with: #""version":null"#
    )
    #expect(converted.lines == [line])
    #expect(
      converted.messages == [
        "data.leeway.version is not a text or a number: mend it or leave it out"
      ]
    )
  }

  @Test func `each response of an Argilla record is an outcome, a draft is none`() {
    let responses = [
      #"{"value":"1","user_id":"3"}"#, #"{"value":null,"user_id":"3"}"#,
      #"{"value":"1","user_id":"3","status":"discarded"}"#,
      #"{"value":"1","user_id":"3","status":"draft"}"#, #"{"value":["0","1"],"user_id":"3"}"#,
    ]
    let metadata = #"{"prediction_id":"50000","version":"7"}"#
    let records = [
      #"{"id":"rq-1","fields":{},"metadata":\#(metadata),"#
        + #""responses":{"label":[\#(responses.joined(separator: ","))]}}"#,
      #"{"id":"rq-2","fields":{},"metadata":\#(metadata),"responses":{}}"#,
      #"{"id":"rq-3","fields":{},"metadata":{},"responses":{"label":[]}}"#,
    ]
    let converted = convert("[\(records.joined(separator: ",\n"))]", .argilla, answers)
    let ts = "2026-11-29T00:00:00Z"
    let skipped = Self.outcome(label: "null", ts: ts, skipped: true)
    #expect(converted.lines == [Self.outcome(ts: ts), skipped, skipped])
    #expect(converted.tally.unanswered == 1 && converted.tally.passedOver == 1)
    #expect(converted.messages.map { $0.prefix(11) } == ["response 5:"])
  }

  @Test func `a line of an output manifest is an outcome by the class's name`() {
    func line(_ label: String) -> String {
      #"{"source":"amount: 120.5","leeway":\#(origin),\#(label)}"#
    }
    func labelled(_ rest: String) -> String {
      line(#""label":1,"label-metadata":{"creation-date":"2026-11-28T12:00:00.123456",\#(rest)}"#)
    }
    let lines = [
      labelled(#""class-name":"1","human-annotated":"yes","confidence":0.95"#),
      labelled(#""class-name":"1","human-annotated":"no""#),
      labelled(#""failure-reason":"ClientError""#), line(#""other":1"#),
      labelled(#""class-map":{"1":"late"},"human-annotated":"yes""#),
    ]
    let converted = convert(lines.joined(separator: "\n"), .groundTruth, answers)
    let nobody = "null"
    #expect(
      converted.lines == [
        Self.outcome(annotator: nobody), Self.outcome(annotator: nobody, source: "machine"),
        Self.outcome(label: "null", annotator: nobody, skipped: true),
        Self.outcome(label: "\"late\"", annotator: nobody),
      ]
    )
    #expect(converted.tally.unanswered == 1)
  }

  @Test func `an answer without a time is refused where none was given`() {
    let timeless = Self.task(Self.annotation().replacing("created_at", with: "other"))
    let wrong = Self.task(Self.annotation().replacing("2026-11-28T", with: "yesterday "))
    let converted = convert(
      "[\(timeless),\(wrong)]",
      .labelStudio,
      .answers(standardTime: nil)
    )
    #expect(
      converted.messages == [
        "annotation 9: the answer has no time: give --time",
        "annotation 9: \"yesterday 12:00:00.123456Z\" is no time (RFC 3339): mend it",
      ]
    )
    #expect(convert("[\(timeless)]", .labelStudio, answers).tally.written == 1)
  }

  @Test(arguments: LabellingTool.allCases)
  func `what is none of the tool's shapes is said`(tool: LabellingTool) {
    let converted = convert("[3,{},null]", tool, answers)
    #expect(converted.messages.count == 3)
    #expect(converted.messages.allSatisfy { $0.contains("see whether --format is right") })
  }
}
