internal import Expressions

/// Draws the fields of one event after the other.
struct EventSampler {
  private let specification: StreamSpecification
  /// The start of each field's random numbers.
  private let purposes: [UInt64]
  /// The effects on each field, in the order of the changes.
  private let effects: [[Effect]]
  /// The values of the event drawn last.
  private(set) var values: [FieldValue]
  /// Which of them are written as strings.
  private(set) var areStrings: [Bool]

  /// An effect with what it needs of its change.
  private struct Effect {
    var change: StreamChange
    var effect: ChangeEffect
    var purpose: UInt64
  }

  /// Draws with all changes but those of some names.
  init(_ specification: StreamSpecification, without: Set<String>) {
    self.specification = specification
    let seed = specification.seed
    purposes = specification.fields.map { field in
      Draws.purpose("field \(field.path)", seed: seed)
    }
    var effects = [[Effect]](repeating: [], count: specification.fields.count)
    for change in specification.changes where !without.contains(change.name) {
      for (index, effect) in change.effects.enumerated() {
        guard let field = effect.field else { continue }
        let purpose = Draws.purpose("change \(change.name) \(index)", seed: seed)
        effects[field].append(Effect(change: change, effect: effect, purpose: purpose))
      }
    }
    self.effects = effects
    values = [FieldValue](repeating: .missing, count: specification.fields.count)
    areStrings = [Bool](repeating: false, count: specification.fields.count)
  }

  /// Draws all fields of an event.
  ///
  /// - Parameters:
  ///   - event: The event's number, which its random numbers depend on.
  ///   - time: In nanoseconds since 1970.
  mutating func draw(event: Int, time: Int64) {
    for index in specification.fields.indices {
      areStrings[index] = false
      values[index] = value(index, event, time)
    }
  }

  private mutating func value(_ index: Int, _ event: Int, _ time: Int64) -> FieldValue {
    let field = specification.fields[index]
    var draws = Draws(purposes[index], event: event)
    let isMissing = draws.uniform() < field.missing
    guard !effects[index].isEmpty else {
      if isMissing { return .missing }
      return rounded(drawn(field.distribution, field.cases, field, &draws, time), field, time)
    }
    return changedValue(index, event, time, isMissing, &draws)
  }

  /// The value of a field that changes may have an effect on.
  private mutating func changedValue(
    _ index: Int,
    _ event: Int,
    _ time: Int64,
    _ isMissing: Bool,
    _ draws: inout Draws
  ) -> FieldValue {
    let field = specification.fields[index]
    var distribution = field.distribution
    var cases = field.cases
    var active: [(action: ChangeEffect.Action, strength: Double, chance: Double, pick: Double)] = []
    for effect in effects[index] {
      let strength = effect.change.strength(at: time)
      guard strength > 0, meets(effect.effect.conditions) else { continue }
      var chances = Draws(effect.purpose, event: event)
      let chance = chances.uniform()
      if case .replace(let own, let others) = effect.effect.action {
        if chance < strength { (distribution, cases) = (own, others) }
      } else {
        active.append((effect.effect.action, strength, chance, chances.uniform()))
      }
    }
    if isMissing { return .missing }
    // Bounds are those of the source; what happens on the way may go beyond.
    var value = rounded(drawn(distribution, cases, field, &draws, time), field, time)
    for (action, strength, chance, pick) in active {
      switch action {
      case .multiply(let factor):
        if case .number(let number) = value {
          value = .number(number * (1 + (factor - 1) * strength))
        }
      case .add(let amount):
        if case .number(let number) = value { value = .number(number + amount * strength) }
      case .missing(let probability):
        if chance < probability * strength { value = .missing }
      case .shares(let shares):
        let sum = shares.reduce(0) { $0 + $1.weight }
        if chance < sum * strength { value = .literal(Self.pick(shares, sum, pick)) }
      case .string: if chance < strength { areStrings[index] = true }
      case .replace: break
      }
    }
    guard case .number(let number) = value else { return value }
    return number.isFinite ? .number(Decimals.round(number, field.decimals)) : .missing
  }

  /// Whether the event's fields have the values that conditions ask for.
  func meets(_ conditions: [ChangeEffect.Condition]) -> Bool {
    conditions.allSatisfy { condition in
      guard case .literal(let place) = values[condition.field] else { return false }
      return condition.literals.contains(place)
    }
  }

  /// One of some values by their weights.
  private static func pick(_ values: [WeightedLiteral], _ sum: Double, _ share: Double) -> Int {
    var rest = share * sum
    for value in values {
      rest -= value.weight
      if rest < 0 { return value.literal }
    }
    // Rounding may leave a little: it belongs to the last value that can come.
    return values.last { $0.weight > 0 }?.literal ?? values[0].literal
  }

  // MARK: Distributions

  private func drawn(
    _ own: Distribution,
    _ cases: [DistributionCase],
    _ field: FieldSpecification,
    _ draws: inout Draws,
    _ time: Int64
  ) -> FieldValue {
    var distribution = own
    if let other = field.caseField, case .literal(let place) = values[other],
      let special = cases.first(where: { $0.literal == place })
    {
      distribution = special.distribution
    }
    switch distribution {
    case .constant(let place): return .literal(place)
    case .normal(let mean, let std): return .number(mean + std * draws.normal())
    case .lognormal(let median, let sigma):
      return .number(median * Elementary.exp(sigma * draws.normal()))
    case .exponential(let mean): return .number(mean * draws.exponential())
    case .uniform(let from, let to): return .number(from + (to - from) * draws.uniform())
    case .integer(let from, let to):
      let count = Double(to - from + 1)
      return .number(Double(from) + min((count * draws.uniform()).rounded(.down), count - 1))
    case .category(let values):
      return .literal(Self.pick(values, values.reduce(0) { $0 + $1.weight }, draws.uniform()))
    case .boolean(let probability):
      let isTrue = draws.uniform() < probability
      return .literal(isTrue ? LiteralTable.truePlace : LiteralTable.falsePlace)
    case .chance(let other):
      guard case .number(let probability) = values[other] else { return .missing }
      let isTrue = draws.uniform() < probability
      return .literal(isTrue ? LiteralTable.truePlace : LiteralTable.falsePlace)
    case .sequence: return .sequence
    case .time: return .time
    case .linear(let combination): return .number(sum(combination, &draws))
    case .logistic(let combination):
      return .number(1 / (1 + Elementary.exp(-sum(combination, &draws))))
    case .threshold(let other, let limit, let above, let below):
      guard case .number(let number) = values[other] else { return .missing }
      return .literal(number > limit ? above : below)
    }
  }

  private func sum(_ combination: Combination, _ draws: inout Draws) -> Double {
    var sum = combination.bias
    for term in combination.terms {
      switch values[term.field] {
      case .missing: sum += term.missing
      case .number(let number): sum += part(number, term)
      case .literal(let place):
        if let part = term.values[place] {
          sum += part
        } else if place == LiteralTable.truePlace {
          sum += term.slope
        } else if let number = specification.literals.numbers[place] {
          sum += part(number, term)
        }
      case .sequence, .time: break
      }
    }
    return combination.noise > 0 ? sum + combination.noise * draws.normal() : sum
  }

  /// Logarithms are of at least 10⁻⁹, so that a zero or a negative number has a part, too.
  private func part(_ number: Double, _ term: Combination.Term) -> Double {
    let bounded = min(max(number, 1e-9), .greatestFiniteMagnitude)
    return number * term.slope + (term.logSlope == 0 ? 0 : term.logSlope * Elementary.log(bounded))
  }

  private func rounded(
    _ value: FieldValue,
    _ field: FieldSpecification,
    _ time: Int64
  ) -> FieldValue {
    guard case .number(var number) = value else { return value }
    if let season = field.season { number *= season.factor(at: time) }
    if let least = field.least { number = max(number, least) }
    if let greatest = field.greatest { number = min(number, greatest) }
    guard number.isFinite else { return .missing }
    return .number(Decimals.round(number, field.decimals))
  }
}
