import TestSupport
import Testing

/// K16, K21, K22 and K24: what `init` makes of names, and of events that came twice.
@Suite(.enabled(if: ReportedCase.folder != nil)) struct ReportedNameTests {
  private func said(_ name: String) throws -> String {
    try ReportedCase(name, in: #require(ReportedCase.folder)).said
  }

  @Test func `an id is one although every event was delivered twice`() throws {
    let said = try said("k16-duplicates-make-id-a-feature")
    #expect(said.contains("id: id"), "\(said)")
    #expect(!said.contains("- id"), "\(said)")
    #expect(said.contains("counts them as duplicates"), "\(said)")
  }

  @Test func `the latency of nginx is found, in seconds`() throws {
    let said = try said("k21-nginx-request-time")
    #expect(said.contains("latency: {field: request_time, unit: s}"), "\(said)")
  }

  @Test func `names of tensors, levels and pods are no persons`() throws {
    let said = try said("k22-tensor-name-is-a-person")
    #expect(!said.contains("personal data"), "\(said)")
    #expect(said.contains("rc=0"), "\(said)")
  }

  @Test func `a predicted class is the decision and no feature`() throws {
    let said = try said("k24-pred-and-proba-names")
    #expect(said.contains("decision: y_pred"), "\(said)")
    #expect(!said.contains("- y_pred ") && !said.contains("turned out to be true"), "\(said)")
  }
}
