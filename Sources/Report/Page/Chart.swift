internal import Records

/// A small picture of points and lines on two linear scales, as SVG.
struct Chart {
  /// The scale from left to right.
  let x: ClosedRange<Double>
  /// The scale from below to above.
  let y: ClosedRange<Double>
  private var body: HTML = ""

  /// The picture's size, and where its plot is in it; in units of the picture.
  private static let (width, height) = (340.0, 230.0)
  private static let (left, right, top, bottom) = (52.0, 332.0, 10.0, 194.0)

  /// An empty picture; a scale of no length is given one.
  init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
    func stretched(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      range.lowerBound < range.upperBound ? range : range.lowerBound...(range.lowerBound + 1)
    }
    self.x = stretched(x)
    self.y = stretched(y)
  }

  private func across(_ value: Double) -> String {
    let share = (value - x.lowerBound) / (x.upperBound - x.lowerBound)
    return Self.text(Self.left + min(max(share, 0), 1) * (Self.right - Self.left))
  }

  private func upward(_ value: Double) -> String {
    let share = (value - y.lowerBound) / (y.upperBound - y.lowerBound)
    return Self.text(Self.bottom - min(max(share, 0), 1) * (Self.bottom - Self.top))
  }

  /// A coordinate with one decimal.
  private static func text(_ coordinate: Double) -> String {
    "\((coordinate * 10).rounded() / 10)"
  }

  /// A line through points; `style` is one of the page's classes.
  mutating func line(_ points: [(x: Double, y: Double)], _ style: String) {
    let places = points.map { "\(across($0.x)),\(upward($0.y))" }.joined(separator: " ")
    body += "<polyline class=\"\(style)\" points=\"\(places)\"/>\n"
  }

  /// A point with its interval.
  mutating func dot(x: Double, y: Double, from low: Double, to high: Double) {
    line([(x, low), (x, high)], "c1")
    body += "<circle class=\"cd\" cx=\"\(across(x))\" cy=\"\(upward(y))\" r=\"3\"/>\n"
  }

  /// A dashed line from below to above.
  mutating func mark(x: Double) { line([(x, y.lowerBound), (x, y.upperBound)], "c3") }

  /// The picture, with the ends of its scales and what they are of; its numbers are said elsewhere.
  func svg(across name: String, upward title: String) -> HTML {
    let (left, right) = (Self.text(Self.left), Self.text(Self.right))
    let (top, bottom) = (Self.text(Self.top), Self.text(Self.bottom))
    let middle = Self.text((Self.left + Self.right) / 2)
    let below = Self.text(Self.bottom + 16)
    return """
      <svg class="chart" viewBox="0 0 \(Self.text(Self.width)) \(Self.text(Self.height))" \
      aria-hidden="true"><rect class="cp" x="\(left)" y="\(top)" \
      width="\(Self.text(Self.right - Self.left))" height="\(Self.text(Self.bottom - Self.top))"/>
      \(body)<text x="\(Self.text(Self.left - 5))" y="\(Self.text(Self.top + 8))" \
      text-anchor="end">\(Self.label(y.upperBound))</text><text x="\(Self.text(Self.left - 5))" \
      y="\(bottom)" text-anchor="end">\(Self.label(y.lowerBound))</text><text x="\(left)" \
      y="\(below)">\(Self.label(x.lowerBound))</text><text x="\(right)" y="\(below)" \
      text-anchor="end">\(Self.label(x.upperBound))</text><text x="\(middle)" \
      y="\(Self.text(Self.bottom + 31))" text-anchor="middle">\(name); upward: \(title)</text></svg>

      """
  }

  /// An end of a scale, short enough to stand beside it.
  private static func label(_ value: Double) -> String {
    let size = abs(value)
    for (power, letter) in [(1e9, "G"), (1e6, "M"), (1e4, "k")] where size >= power {
      let unit = letter == "k" ? 1e3 : power
      return "\(shortNumber((value / unit * 10).rounded() / 10))\(letter)"
    }
    return shortNumber((value * 1000).rounded() / 1000)
  }
}
