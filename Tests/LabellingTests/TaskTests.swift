import Labelling
import Records
import Testing

/// Requests become what each tool takes.
///
/// The shapes are those that Label Studio 1.23.2 and Argilla 2.8.0 took when they were tried, and
/// those of the developer guide of Ground Truth; `oracle.py` holds the first two to their packages.
@Suite struct TaskTests {
  private let answer = #"{"score":0.83,"decision":"1"}"#

  @Test func `a request is a task of Label Studio`() {
    let converted = convert(request() + "\n", .labelStudio)
    let task =
      #"{"data":{"features":{"amount":120.5,"country":"DE"},"leeway":\#(origin)},"#
      + #""meta":{"request_id":"rq-1"}}"#
    #expect(converted.output == "[\n\(task)\n]\n")
    #expect(converted.findings.isEmpty)
  }

  @Test func `the model's answer is a prediction, by the names that the project has`() {
    let names = LabelNames(control: "fraud", object: "table")
    let converted = convert(request(answer: answer), .labelStudio, names: names)
    let predictions =
      #""predictions":[{"model_version":"7","score":0.83,"result":[{"id":"p1","#
      + #""from_name":"fraud","to_name":"table","type":"choices","value":{"choices":["1"]}}]}]"#
    #expect(converted.output.contains(predictions), "\(converted.output)")
  }

  @Test(arguments: LabellingTool.allCases)
  func `without the model's answer nobody is shown one`(tool: LabellingTool) {
    for answer in [nil, "null", "{}", #"{"score":0.83,"decision":null}"#] {
      let output = convert(request(answer: answer), tool).output
      #expect(!output.contains("predictions"), "\(output)")
      #expect(tool != .argilla || output.contains(#""suggestions":{},"#), "\(output)")
      #expect(!output.contains("0.83"), "\(output)")
    }
  }

  @Test func `a request is a record of Argilla, and what is null is left out of its metadata`() {
    let converted = convert(request(answer: answer), .argilla)
    let record =
      #"{"id":"rq-1","fields":{"text":"amount: 120.5\ncountry: DE","#
      + #""features":{"amount":120.5,"country":"DE"}},"metadata":{"prediction_id":"50000","#
      + #""model":"car-loan","version":"7","time":"2026-11-28T10:00:00Z","#
      + #""inclusion_probability":0.031,"reason":"uncertain","policy":"default-1","#
      + #""segment":"features.region=DE"},"suggestions":{"label":{"value":"1","score":0.83,"#
      + #""agent":"car-loan:7"}},"responses":{},"vectors":{}}"#
    #expect(converted.output == "[\n\(record)\n]\n")
  }

  @Test func `a request is a line of a manifest, which never has the model's answer`() {
    let converted = convert(request(answer: answer), .groundTruth)
    let line =
      #"{"source":"amount: 120.5\ncountry: DE","features":{"amount":120.5,"country":"DE"},"#
      + #""leeway":\#(origin),"dataset-objectid-attribute-name":"request_id","#
      + #""request_id":"rq-1"}"#
    #expect(converted.output == line + "\n")
  }

  @Test func `a line or an attribute that Ground Truth does not take is refused with its place`() {
    func long(_ count: Int) -> String {
      request(features: #"{"note":"\#(String(repeating: "é", count: count))"}"#)
    }
    // {"note":"…"} around the text.
    let fits = convert(long(20_000 - 11), .groundTruth)
    #expect(fits.findings.isEmpty, "\(fits.messages)")
    let converted = convert(request() + "\n" + long(20_000 - 10) + "\n", .groundTruth)
    #expect(converted.tally.written == 1)
    let offset = request().utf8.count + 1
    #expect(
      converted.findings.map { $0.words(of: "requests") } == [
        "requests:2: element 2 at byte \(offset): the attribute \"features\" has 20,001 "
          + "characters, Ground Truth takes 20,000: leave features out of the requests"
      ]
    )
    // Names are no attributes: they count for the line alone.
    let many = (0..<3).map { index in
      "\"f\(index)\":\"\(String(repeating: "x", count: 6_000))\""
    }
    #expect(
      convert(request(features: "{\(many.joined(separator: ","))}"), .groundTruth).findings == []
    )
  }

  @Test func `numbers and texts go through digit for digit`() {
    let features = #"{"id":12345678901234567890,"x":1.50,"e":1E+2,"t":"\u00e9\n\u0001😀","n":[{}]}"#
    for tool in LabellingTool.allCases {
      let converted = convert(request(features: features), tool)
      let written = #"{"id":12345678901234567890,"x":1.50,"e":1E+2,"t":"é\n\u0001😀","n":[{}]}"#
      #expect(converted.output.contains(#""features":"# + written), "\(converted.output)")
    }
    #expect(
      convert(request(features: features), .argilla).output.contains(
        #""text":"id: 12345678901234567890\nx: 1.50\ne: 1E+2\nt: é\n\u0001😀\nn: [{}]""#
      )
    )
  }

  @Test func `other lines are passed over and counted, and an array is whole without a task`() {
    let others = "{\"type\":\"sample\"}\n\n[]\n3\n{}\n"
    let converted = convert(others + request(), .labelStudio)
    #expect(converted.tally.passedOver == 3)
    #expect(converted.tally.written == 1)
    #expect(convert(others, .labelStudio).output == "[]\n")
    #expect(convert("", .argilla).output == "[]\n")
    #expect(convert(others, .groundTruth).output.isEmpty)
  }

  @Test func `what a request lacks is said, and the rest goes on`() {
    let lines = [
      request("Rq-1"), request("-a"), request("a-"), request(""), request("a_b"), request("a--b"),
      request(String(repeating: "a", count: 64)), request(String(repeating: "a", count: 63)),
      request(prediction: "null"), request(features: "[]"), request(answer: "3"),
      request(prediction: "17.0"), String(request().dropLast()), #"{"type":"relabel_request"}"#,
    ]
    let converted = convert(lines.joined(separator: "\n"), .labelStudio)
    #expect(converted.findings.map(\.element) == [1, 2, 3, 4, 5, 7, 9, 10, 11, 13, 14])
    #expect(converted.findings.map(\.line) == converted.findings.map(\.element))
    #expect(converted.tally.written == 3)
    #expect(converted.output.contains(#""prediction_id":"17""#))
    #expect(converted.messages[0].contains("digits, hyphens between them"))
    #expect(
      converted.messages[6] == "prediction_id is not a text or a number: mend it or leave it out"
    )
    #expect(converted.messages[9].hasPrefix("not one JSON value"))
  }

  @Test func `an array of two tasks is JSON`() throws {
    for tool in [LabellingTool.labelStudio, .argilla] {
      let converted = convert(request("a") + "\n" + request("b", answer: answer), tool)
      let array = try #require(JSONValue(converted.output))
      #expect(array.elements.count == 2)
    }
  }
}
