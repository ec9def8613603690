import TestSupport
import Testing

/// K4 and K25: clocks that are fast, and days without events.
@Suite struct ReportedClockTests {
  @Test(.enabled(if: ReportedCase.folder != nil))
  func `one event with a clock eight hours ahead costs no other event`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k04-one-event-8h-ahead", in: folder).said
    #expect(said.contains("600 lines, 600 predictions, none refused"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the events of Monday are counted after a weekend without any`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k25-monday-after-a-weekend", in: folder).said
    #expect(said.contains("1,200 predictions"), "\(said)")
    #expect(!said.contains("refused as far_future"), "\(said)")
  }
}
