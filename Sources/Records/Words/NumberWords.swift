/// A number of things: 1 line, 2 lines.
public func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

/// An integer in groups of three digits: 75,913.
public func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "-" + text : text
}

/// A share as a percentage with at most one decimal: 12.3 %.
public func percent(_ share: Double) -> String {
  let rounded = (share * 1000).rounded() / 10
  return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
}

/// A number with three decimals.
public func fixed(_ number: Double?) -> String {
  guard let number, number.isFinite else { return "" }
  let thousandths = Int((abs(number) * 1000).rounded())
  let decimals = String(thousandths % 1000)
  let padding = String(repeating: "0", count: 3 - decimals.count)
  return "\(number < 0 ? "-" : "")\(thousandths / 1000).\(padding)\(decimals)"
}

/// A number for a person: four significant digits; whole numbers, and all from 1,000 on, in groups.
///
/// - Parameters:
///   - number: The number.
///   - limit: From which size on it has an exponent, at most 10¹⁵.
/// - Returns: A text such as `0.1234` or `75,913`.
public func groupedNumber(_ number: Double, below limit: Double = 1e7) -> String {
  let isWhole = number == number.rounded() || abs(number) >= 1000
  let isGrouped = isWhole && abs(number) < min(limit, 1e15)
  return isGrouped ? grouped(Int(number.rounded())) : shortNumber(number)
}

/// An amount of money for a person: `-511,200 EUR`; of an unknown unit the number alone.
public func amount(_ number: Double, _ unit: String?) -> String {
  let words = groupedNumber(number, below: 1e15)
  return unit.map { "\(words) \($0)" } ?? words
}

/// A share for a person: `99.9%`.
package func percentText(_ share: Double) -> String { shortNumber(share * 100) + "%" }

/// A number for a person: four significant digits, no exponent where it is not needed.
public func shortNumber(_ number: Double) -> String {
  guard number.isFinite else { return number.description }
  if number == number.rounded(), abs(number) < 1e7 { return Int(number).description }
  let magnitude = abs(number)
  guard magnitude >= 1e-4, magnitude < 1e7 else {
    var exponent = decimalExponent(of: magnitude)
    // The powers beyond 10^−308 are no doubles: the least numbers are brought near first.
    let isTiny = exponent < -300
    let near = isTiny ? number * 1e300 : number
    var mantissa = (near / power(10, isTiny ? exponent + 300 : exponent) * 1000).rounded() / 1000
    if abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return "\(mantissa)e\(exponent)"
  }
  let digits = max(0, 3 - decimalExponent(of: magnitude))
  let scale = power(10, digits)
  let rounded = (number * scale).rounded() / scale
  return rounded == rounded.rounded() ? Int(rounded).description : rounded.description
}

private func decimalExponent(of magnitude: Double) -> Int {
  var exponent = 0
  var rest = magnitude
  while rest >= 10 { (rest, exponent) = (rest / 10, exponent + 1) }
  while rest < 1, rest > 0 { (rest, exponent) = (rest * 10, exponent - 1) }
  return exponent
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<abs(exponent) { result *= base }
  return exponent < 0 ? 1 / result : result
}
