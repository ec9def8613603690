/// Elementary functions from the four operations and the square root alone.
///
/// A C library's `exp`, `log` and `cos` may differ in the last bit from one system to the next; the
/// operations of IEEE 754 may not. So a stream has the same bytes everywhere.
enum Elementary {
  /// ln 2 in two parts: the first has 32 trailing zero bits, so that its product with a binary
  /// exponent is exact.
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The natural logarithm of a positive, finite number.
  ///
  /// With x = 2^k·m, m in [√½, √2), and s = (m − 1)/(m + 1): ln x = k·ln 2 + 2(s + s³/3 + s⁵/5 + …);
  /// the first term left out is below 2⁻⁵⁶ of the sum.
  ///
  /// - **Source**: Abramowitz and Stegun, 4.1.27.
  static func log(_ number: Double) -> Double {
    precondition(number > 0 && number.isFinite, "no logarithm of \(number)")
    var exponent = Double(number.exponent)
    var mantissa = number.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var sum = 0.0
    for odd in stride(from: 23.0, through: 3, by: -2) { sum = (sum + 1 / odd) * square }
    return exponent * ln2High + (2 * ratio * (1 + sum) + exponent * ln2Low)
  }

  /// e to the power of a number; 0 below −745, infinite above 709.
  ///
  /// With x = k·ln 2 + r, |r| ≤ ln 2/2: eˣ = 2^k·eʳ, eʳ by its Taylor series of 14 terms.
  ///
  /// - **Source**: Abramowitz and Stegun, 4.2.1.
  static func exp(_ number: Double) -> Double {
    guard number > -745 else { return 0 }
    guard number < 709.7 else { return .infinity }
    let exponent = (number / (ln2High + ln2Low)).rounded()
    let rest = (number - exponent * ln2High) - exponent * ln2Low
    var sum = 1.0
    for divisor in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * rest / divisor }
    return Double(sign: .plus, exponent: Int(exponent), significand: sum)
  }

  /// The cosine of a share of a full turn: 1 at 0, −1 at a half.
  ///
  /// - **Source**: Abramowitz and Stegun, 4.3.65 and 4.3.66, after folding into an eighth.
  static func cosine(turns: Double) -> Double {
    let share = turns - turns.rounded(.down)
    // The turn's quarter, and the angle from its middle axis: at most an eighth of a turn.
    let quarter = (share * 4).rounded()
    let angle = (share * 4 - quarter) * 1.5707963267948966
    switch quarter {
    case 1: return -sine(angle)
    case 2: return -cosine(angle)
    case 3: return sine(angle)
    default: return cosine(angle)
    }
  }

  private static func cosine(_ angle: Double) -> Double {
    var sum = 1.0
    for term in stride(from: 18.0, through: 2, by: -2) {
      sum = 1 - sum * angle * angle / (term * (term - 1))
    }
    return sum
  }

  private static func sine(_ angle: Double) -> Double {
    var sum = 1.0
    for term in stride(from: 19.0, through: 3, by: -2) {
      sum = 1 - sum * angle * angle / (term * (term - 1))
    }
    return sum * angle
  }

  /// The number below which a standard normal variable lies with a probability in (0, 1).
  ///
  /// Relative error about 10⁻¹⁶.
  ///
  /// - **Source**: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
  ///   distribution", Applied Statistics 37 (1988), routine PPND16.
  static func normalQuantile(_ probability: Double) -> Double {
    let centred = probability - 0.5
    if abs(centred) <= 0.425 {
      let square = 0.180625 - centred * centred
      return centred * polynomial(centreTop, square) / polynomial(centreBottom, square)
    }
    let tail = centred < 0 ? probability : 1 - probability
    let root = (-log(tail)).squareRoot()
    let size =
      root <= 5
      ? polynomial(middleTop, root - 1.6) / polynomial(middleBottom, root - 1.6)
      : polynomial(farTop, root - 5) / polynomial(farBottom, root - 5)
    return centred < 0 ? -size : size
  }

  /// A polynomial by Horner's rule, the constant first.
  private static func polynomial(_ coefficients: [Double], _ argument: Double) -> Double {
    var sum = 0.0
    for coefficient in coefficients.reversed() { sum = sum * argument + coefficient }
    return sum
  }

  private static let centreTop = [
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ]
  private static let centreBottom = [
    1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
    21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
  ]
  private static let middleTop = [
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
    3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
    0.0227238449892691845833, 7.74545014278341407640e-4,
  ]
  private static let middleBottom = [
    1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
    0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ]
  private static let farTop = [
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
    0.296560571828504891230, 0.0265321895265761230930, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ]
  private static let farBottom = [
    1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
}
