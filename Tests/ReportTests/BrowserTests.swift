import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Report

/// The page in a real browser, with everything on it that a page can have.
@Suite(.serialized) struct BrowserTests {
  static let views = [400, 800, 1280, 1600].flatMap { width in
    [false, true].map { BrowserPage.View(width: width, isDark: $0) }
  }

  /// Writes a page and opens it.
  private func open(_ replay: SyntheticReplay, _ view: BrowserPage.View) throws -> BrowserPage {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).html")
    try Data(replay.page()).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try BrowserPage(Chromium(), file: file.path, view)
  }

  @Test func `nothing is wrong at any width, in light and in dark, folded or open`() throws {
    let replay = try SyntheticReplay(signals: 12, windows: 400, weather: .calm)
    let page = try open(replay, Self.views[0])
    for isOpen in [false, true] {
      _ = try page.evaluate(
        "for (const d of document.querySelectorAll('details')) d.open = \(isOpen)"
      )
      for view in Self.views {
        try page.show(view)
        #expect(try page.problems() == [], "\(view), details open: \(isOpen)")
      }
    }
    #expect(page.complaints() == [])
    let requests = page.requests()
    #expect(requests.count == 1 && requests[0].hasPrefix("file://"), "\(requests)")
  }

  @Test func `a year of hours of 50 signals opens without a complaint`() throws {
    let replay = try SyntheticReplay(signals: 50, windows: 8760, weather: .calm)
    let page = try open(replay, BrowserPage.View(width: 1280, isDark: false))
    #expect(try page.problems() == [])
    #expect(page.complaints() == [])
  }

  @Test func `the checks find what is wrong`() throws {
    let replay = try SyntheticReplay(signals: 3, windows: 60, weather: .calm)
    let page = try open(replay, BrowserPage.View(width: 800, isDark: false))
    let spoilers = [
      (
        "contrast",
        "document.querySelector('h2').setAttribute('class', 'br'), "
          + "document.querySelector('h2').style.color = '#bbb'"
      ),
      ("a picture without a name", "document.querySelector('svg').removeAttribute('aria-hidden')"),
      ("follows an h1", "document.querySelector('h2').outerHTML = '<h3>x</h3>'"),
      ("a table without a caption", "document.querySelector('.bins caption').remove()"),
      ("a slider without", "document.querySelector('.track').removeAttribute('aria-valuetext')"),
      ("pixels wide", "document.querySelector('main').style.width = '3000px'"),
      ("an id is given twice", "document.querySelector('h1').id = 'map'"),
    ]
    for (sign, script) in spoilers {
      _ = try page.evaluate(script)
      let problems = try page.problems()
      #expect(problems.contains { $0.contains(sign) }, "\(sign): \(problems)")
    }
  }

  @Test func `Tab reaches the rows, arrows walk through cells and rows, and the read-out says it`()
    throws
  {
    let replay = try SyntheticReplay(signals: 3, windows: 60, weather: .wild)
    let page = try open(replay, BrowserPage.View(width: 1000, isDark: false))
    let readout = "document.querySelector('#readout output').textContent"
    let label = "document.activeElement.getAttribute('aria-label')"
    #expect(try page.evaluate(readout) as? String == "")
    try page.press("Tab")
    #expect(try page.evaluate("document.activeElement.className") as? String == "skip")
    for _ in 0..<20 where try page.evaluate(label) as? String == nil { try page.press("Tab") }
    let first = try #require(try page.evaluate(label) as? String)
    #expect(first.hasPrefix("Drift of "))
    let signal = String(first.dropFirst("Drift of ".count))
    let verdicts = try #require(replay.verdicts[signal])
    try page.press("Home")
    try page.press("ArrowRight")
    let text = try #require(try page.evaluate(readout) as? String)
    let cell = DriftCell(verdicts[1])
    #expect(
      text.contains("PSI \(fixed(cell.index)), at least \(fixed(cell.low)), limit 0.1"),
      "\(text)"
    )
    #expect(text.hasPrefix("\(first): window to 2025-01-01 02:00"), "\(text)")
    #expect(text.contains("1,200 events"))
    let value = try page.evaluate("document.activeElement.getAttribute('aria-valuenow')")
    #expect(value as? String == "1")
    try page.press("ArrowDown")
    #expect(try page.evaluate(label) as? String != first)
    let below = try #require(try page.evaluate(readout) as? String)
    #expect(below.contains("window to 2025-01-01 02:00"), "\(below)")
    #expect(page.complaints() == [])
  }

  @Test func `it prints in light colours, with everything unfolded`() throws {
    let replay = try SyntheticReplay(signals: 6, windows: 200, weather: .calm)
    let page = try open(replay, BrowserPage.View(width: 1000, isDark: true))
    _ = try page.evaluate(
      "addEventListener('beforeprint', () => { window.seen = ["
        + "document.querySelectorAll('details:not([open])').length,"
        + "getComputedStyle(document.body).backgroundColor] })"
    )
    let paper = try page.printed()
    #expect(paper.starts(with: Data("%PDF".utf8)))
    let seen = try #require(try page.evaluate("window.seen") as? [Any])
    #expect(seen[0] as? Int == 0)
    #expect(seen[1] as? String == "rgb(252, 251, 249)")
    #expect(try page.evaluate("document.querySelectorAll('details[open]').length") as? Int == 0)
  }

  /// How far the dates above the tracks are from their times at most, in parts of the axis; a
  /// script that says so at once, before anything is drawn anew.
  private static let astray = """
    (() => {
      const data = JSON.parse(document.getElementById('data').textContent);
      const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
      const off = [];
      for (const axis of document.querySelectorAll('.axis')) {
        const box = axis.getBoundingClientRect();
        for (const span of axis.children) {
          const name = span.textContent.match(/^(\\d+) (\\w+)/);
          if (!name) continue;
          const time = Date.UTC(2025, months.indexOf(name[2]), Number(name[1]));
          const share = (span.getBoundingClientRect().left - box.left) / box.width;
          off.push(Math.abs(share - (time - data.from) / (data.to - data.from)));
        }
      }
      return off.length > 5 ? Math.max(...off) : 'too few dates';
    })()
    """

  @Test func `dates are at their times on paper of any width`() throws {
    let replay = try SyntheticReplay(signals: 6, windows: 200, weather: .calm)
    let page = try open(replay, BrowserPage.View(width: 1280, isDark: false))
    for width in [1280, 700, 480] {
      // Paper is laid out after the last word of the page's script: so is this width.
      let far = try page.evaluate(
        "window.dispatchEvent(new Event('beforeprint')),"
          + "document.querySelector('main').style.width = '\(width)px', \(Self.astray)"
      )
      let share = try #require(far as? Double, "\(String(describing: far))")
      #expect(share < 0.005, "\(width) pixels: \(share) of the axis astray")
    }
  }

  @Test func `names of dates do not stand on each other on paper`() throws {
    let replay = try SyntheticReplay(signals: 6, windows: 2000, weather: .calm)
    let page = try open(replay, BrowserPage.View(width: 1600, isDark: false))
    let overlaps = try page.evaluate(
      """
      window.dispatchEvent(new Event('beforeprint'));
      for (const axis of document.querySelectorAll('.axis')) axis.style.width = '390px';
      [...document.querySelectorAll('.axis')].flatMap((axis) => {
        const boxes = [...axis.children].filter((span) => span.textContent).map((span) =>
          span.getBoundingClientRect());
        return boxes.slice(1).filter((box, i) => box.left < boxes[i].right);
      }).length
      """
    )
    #expect(overlaps as? Int == 0)
  }

  private func fixed(_ thousandths: UInt16) -> String {
    let padded = "000\(thousandths % 1000)".suffix(3)
    return "\(thousandths / 1000).\(padded)"
  }
}
