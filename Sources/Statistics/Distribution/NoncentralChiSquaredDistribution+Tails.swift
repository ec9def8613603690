import Glibc

extension NoncentralChiSquaredDistribution {
  /// Both tails at one point, and how the upper one moves with λ.
  struct Tails {
    /// The probability at or below the point.
    var lower: Double
    /// The probability above the point.
    var upper: Double
    /// `∂ upper / ∂ λ`: the density with two more degrees of freedom.
    var slope: Double
  }

  /// Above this tilted Poisson mean (λu/2) the sum over the mixture is long and the integrand of
  /// the inversion has fallen by e^(−50) at infinity: the inversion is shorter and as exact.
  private static let mixtureMeanMax = 50.0

  /// The smaller tail is computed, the other is its complement.
  func tails(_ x: Double) -> Tails {
    precondition(!x.isNaN, "point is not a number")
    if x <= 0 { return Tails(lower: 0, upper: 1, slope: 0) }
    if x == .infinity { return Tails(lower: 1, upper: 0, slope: 0) }
    let tilt = saddlePoint(x)
    if noncentrality / 2 * (1 + tilt) > Self.mixtureMeanMax {
      return inversion(x, tilt)
    }
    return mixture(x, tilt)
  }

  /// `u − 1` where `λu² + df·u = x`, `u = 1/(1 − 2t)` and t is the saddle-point of `K(t) − tx`.
  ///
  /// Written so that it does not cancel when x is near the mean `λ + df`.
  private func saddlePoint(_ x: Double) -> Double {
    let df = degreesOfFreedom
    let u = 2 * x / (df + (df * df + 4 * noncentrality * x).squareRoot())
    return (x - df - noncentrality) / (noncentrality * (u + 1) + df)
  }

  /// The Poisson mixture of central tails.
  ///
  /// Central tails follow from one another by adding a density: upper ones upwards, lower ones
  /// downwards, so that nothing is ever subtracted. The sum starts where the terms before are
  /// below 1e-20 of the largest: further away the first density could be too small for a number.
  private func mixture(_ x: Double, _ tilt: Double) -> Tails {
    let half = noncentrality / 2
    let y = x / 2
    let shape = degreesOfFreedom / 2
    let isUpper = tilt > 0
    let peak = (half * (1 + tilt)).rounded(.down)
    var index = mixtureStart(peak: peak, y, isUpper: isUpper)
    var tail =
      isUpper
      ? IncompleteGamma.upper(shape: shape + index, y)
      : IncompleteGamma.lower(shape: shape + index, y)
    var weight = half == 0 ? 1 : IncompleteGamma.density(shape: index, half)
    // y^a e^(−y) / Γ(a + 1): what the lower tail loses from shape a to a + 1.
    var density = IncompleteGamma.density(shape: shape + index, y)
    var sum = 0.0
    var slope = 0.0
    while true {
      let term = weight * tail
      sum += term
      slope += weight * density
      if isUpper {
        if half == 0 || (index > peak && !(term > sum * 1e-18)) { break }
        tail += density
        index += 1
        density *= y / (shape + index)
        weight *= half / index
      } else {
        if index == 0 || (index < peak && !(term > sum * 1e-18)) { break }
        density *= (shape + index) / y
        weight *= index / half
        index -= 1
        tail += density
      }
    }
    sum = min(1, sum)
    return isUpper
      ? Tails(lower: 1 - sum, upper: sum, slope: slope / 2)
      : Tails(lower: sum, upper: 1 - sum, slope: slope / 2)
  }

  /// The index below the peak (for the upper tail) or above it (for the lower) whose term, about
  /// `(λ/2 · y)^j / (j! Γ(df/2 + j + 1))`, is 1e-20 of the peak's.
  private func mixtureStart(peak: Double, _ y: Double, isUpper: Bool) -> Double {
    let product = noncentrality / 2 * y
    let shape = degreesOfFreedom / 2
    if product == 0 { return 0 }
    var index = peak
    var ratio = 1.0
    while ratio > 1e-20 {
      if isUpper {
        if index == 0 { break }
        ratio *= index * (shape + index) / product
        index -= 1
      } else {
        index += 1
        ratio *= product / (index * (shape + index))
      }
    }
    return index
  }

  /// `1/(2πi) ∫ e^{K(t) − tx} dt/t` up a vertical line, by the trapezoidal rule.
  ///
  /// The line passes through the saddle-point, but never nearer to the pole at 0 than 1.6
  /// standard deviations: with steps of 0.3 the rule's error is e^(−2π·1.6/0.3) ≈ 3e-15 of the
  /// integrand's peak. Right of the pole the integral is the upper tail, left of it the lower.
  private func inversion(_ x: Double, _ tilt: Double) -> Tails {
    let df = degreesOfFreedom
    let lambda = noncentrality
    let u = 1 + tilt
    let sigma = (u * u * (4 * lambda * u + 2 * df)).squareRoot()
    let saddle = tilt / (2 * u)
    let isUpper = tilt > 0
    let clearance = 1.6 / sigma
    let abscissa = isUpper ? max(saddle, clearance) : min(saddle, -clearance)
    // K(t) − tx = (λv² − dv) / (2(1 + v)) + df/2 · (ln(1 + v) − v/(1 + v)), v = 2t/(1 − 2t) and
    // d = x − λ − df: every term is small near the mean, so none cancels.
    let excess = x - lambda - df
    let origin = exponent(abscissa, 0, excess)
    let step = 0.3 / sigma
    var sum = 0.5 / abscissa
    var slope = 0.5 / (1 - 2 * abscissa)
    var node = 1
    while node < 2_000 {
      let s = Double(node) * step
      let value = exponent(abscissa, s, excess)
      let magnitude = exp(value.real - origin.real)
      let cosine = magnitude * cos(value.imaginary)
      let sine = magnitude * sin(value.imaginary)
      // Re(e^w / t) and Re(e^w / (1 − 2t)).
      sum += (cosine * abscissa + sine * s) / (abscissa * abscissa + s * s)
      let a = 1 - 2 * abscissa
      let b = 2 * s
      slope += (cosine * a - sine * b) / (a * a + b * b)
      if magnitude < 1e-17 { break }
      node += 1
    }
    let scale = exp(origin.real) * step / Double.pi
    let tail = min(1, max(0, abs(scale * sum)))
    let derivative = max(0, scale * slope)
    return isUpper
      ? Tails(lower: 1 - tail, upper: tail, slope: derivative)
      : Tails(lower: tail, upper: 1 - tail, slope: derivative)
  }

  /// `K(t) − tx` at `t = abscissa + i·s`.
  private func exponent(
    _ abscissa: Double,
    _ s: Double,
    _ excess: Double
  ) -> (real: Double, imaginary: Double) {
    let a = 1 - 2 * abscissa
    let b = -2 * s
    let norm = a * a + b * b
    // w = v/(1 + v) = 2t; 1 + v = 1/(1 − 2t) = (a − bi)/norm; v = 2t(1 + v).
    let reciprocalReal = a / norm
    let reciprocalImaginary = -b / norm
    let wReal = 2 * abscissa
    let wImaginary = 2 * s
    let vReal = wReal * reciprocalReal - wImaginary * reciprocalImaginary
    let vImaginary = wReal * reciprocalImaginary + wImaginary * reciprocalReal
    // (λv² − dv)/(2(1 + v)) = w(λv − d)/2.
    let factorReal = noncentrality * vReal - excess
    let factorImaginary = noncentrality * vImaginary
    let firstReal = (wReal * factorReal - wImaginary * factorImaginary) / 2
    let firstImaginary = (wReal * factorImaginary + wImaginary * factorReal) / 2
    // ln(1 + v) − w, ln(1 + v) = −ln(1 − 2t): the real part through log1p of |1 − 2t|² − 1.
    let logReal = -0.5 * log1p(-4 * abscissa + 4 * (abscissa * abscissa + s * s)) - wReal
    let logImaginary = -atan2(b, a) - wImaginary
    let half = degreesOfFreedom / 2
    return (firstReal + half * logReal, firstImaginary + half * logImaginary)
  }
}
