import Testing

@testable import Specification

/// Panes of two monitors beside each other.
@Suite struct PaneSchemeTests {
  private static let minute = PaneScheme.time(width: 60)
  private static let tenMinutes = PaneScheme.time(width: 600)

  @Test(arguments: [
    (0, -1), (8, -1), (9, 0), (10, 0), (18, 0), (19, 1), (-1, -1), (-10, -2), (-11, -2),
  ])
  func `a wide pane is over when all narrow ones in it are`(narrow: Int, wide: Int) {
    #expect(Self.tenMinutes.lastPane(through: narrow, of: Self.minute) == wide)
  }

  @Test(arguments: [(0, 9), (1, 19), (-1, -1), (-2, -11)])
  func `with a wide pane all narrow ones in it are over`(wide: Int, narrow: Int) {
    #expect(Self.minute.lastPane(through: wide, of: Self.tenMinutes) == narrow)
  }

  @Test func `panes of events say nothing of others`() {
    #expect(PaneScheme.events(5).lastPane(through: 3, of: .events(5)) == 3)
    #expect(PaneScheme.events(5).lastPane(through: 3, of: .events(6)) == nil)
    #expect(PaneScheme.events(5).lastPane(through: 3, of: Self.minute) == nil)
    #expect(Self.minute.lastPane(through: 3, of: .events(5)) == nil)
    #expect(Self.minute.lastPane(through: .max - 1, of: Self.tenMinutes) == nil)
  }
}
