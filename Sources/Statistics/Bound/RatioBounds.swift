/// The bounds of a quotient of two independent numbers, from the bounds of each.
///
/// The R for which `now − R · before` is within chance of 0, when each number's distance to its own
/// bound stands for its spread. With symmetric bounds it is Fieller's interval.
///
/// - Parameters:
///   - now: The numerator and its bounds.
///   - before: The denominator, not 0, and its bounds.
/// - Returns: Bounds around the quotient; an end is infinite where the denominator may be 0.
/// - Complexity: O(1).
/// - Source: E. C. Fieller, "Some problems in interval estimation", JRSS B 16 (1954); A. Donner,
///   G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean and standard
///   deviation", Statistical Methods in Medical Research 21 (2012).
public func ratioBounds(
  _ now: (value: Double, bounds: ClosedRange<Double>),
  to before: (value: Double, bounds: ClosedRange<Double>)
) -> ClosedRange<Double> {
  precondition(before.value != 0, "a ratio to 0")
  // Signs are turned so that both numbers are at least 0.
  if before.value < 0 { return ratioBounds(negated(now), to: negated(before)) }
  if now.value < 0 {
    let turned = ratioBounds(negated(now), to: before)
    return -turned.upperBound ... -turned.lowerBound
  }
  let (top, bottom) = (now.value, before.value)
  let down = top - now.bounds.lowerBound
  let up = now.bounds.upperBound - top
  let more = before.bounds.upperBound - bottom
  let less = bottom - before.bounds.lowerBound
  guard down.isFinite, up.isFinite, more.isFinite, less.isFinite else {
    return -.infinity ... .infinity
  }
  var low = -Double.infinity
  // Below 0 the denominator's lower bound is the unfavourable one.
  let side = down <= top ? more : less
  if down <= top || less < bottom {
    let gain = (top - down) * (top + down)
    let root = max(0, bottom * bottom * down * down + side * side * gain).squareRoot()
    let sum = top * bottom + root
    low = sum > 0 ? gain / sum : 0
  }
  var high = Double.infinity
  if less < bottom {
    let gain = (top - up) * (top + up)
    let root = max(0, bottom * bottom * up * up + less * less * gain).squareRoot()
    high = (top * bottom + root) / ((bottom - less) * (bottom + less))
  }
  return min(low, top / bottom)...max(high, top / bottom)
}

private func negated(
  _ number: (value: Double, bounds: ClosedRange<Double>)
) -> (value: Double, bounds: ClosedRange<Double>) {
  (-number.value, -number.bounds.upperBound ... -number.bounds.lowerBound)
}
