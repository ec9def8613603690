import Foundation
import TestSupport

@testable import Statistics

/// Monthly cohorts of predictions whose positive labels take months to arrive, at the end of the last.
///
/// 48 cohorts of predictions in five ranges of scores, 2.32 % positive; labels take a log-normal time
/// (median 7 months, σ 0.6) up to the horizon of 24. Negatives are silent.
struct SimulatedArrivals {
  /// What happens to the newest cohorts.
  enum Story: CaseIterable {
    case nothing
    /// Twice as many predictions in the newest ten months.
    case trafficDoubles
    /// Twice as many positives in the newest eight.
    case rateDoubles
    /// In the last four months 0.25 % of all predictions a month get a positive label.
    case burst
  }

  static let cohorts = 48
  static let newest = 8
  static let horizon = 24
  /// The rates of the ranges of scores.
  static let rates = [0.2, 0.5, 1, 1.3, 2].map { $0 * 0.0232 }

  /// The predictions of each cohort and range of scores.
  private(set) var sizes: [Int]
  /// Arrived positive labels by cohort, range of scores and calendar months since the cohort's own.
  private(set) var arrivals: [[[Int]]] = []
  /// All positives of the newest cohorts.
  private(set) var truth = 0

  init(_ random: inout SeededGenerator, _ story: Story, size: Int = 800) {
    sizes = (0..<Self.cohorts).map { cohort in
      story == .trafficDoubles && cohort >= Self.cohorts - 10 ? 2 * size : size
    }
    for cohort in 0..<Self.cohorts {
      let isNew = cohort >= Self.cohorts - Self.newest
      let factor = story == .rateDoubles && isNew ? 2.0 : 1
      arrivals.append(
        Self.rates.map { rate in
          var months = [Int](repeating: 0, count: Self.cohorts)
          let count = Self.binomial(&random, sizes[cohort], factor * rate)
          for _ in 0..<count {
            let delay = Self.delay(&random)
            if delay < Self.age(of: cohort) { months[Int(delay + 0.5)] += 1 }
          }
          var extra = 0
          if story == .burst {
            for month in max(cohort, Self.cohorts - 4)..<Self.cohorts {
              let age = month - cohort
              guard age < Self.horizon else { continue }
              // A cohort is on average half a month old when its own month ends.
              let share = age == 0 ? 0.5 : 1
              let more = Self.binomial(&random, sizes[cohort], 0.0025 * share)
              months[age] += more
              extra += more
            }
          }
          if isNew { truth += count + extra }
          return months
        }
      )
    }
  }

  /// The age of a cohort now, in months.
  static func age(of cohort: Int) -> Double { Double(cohorts - cohort) - 0.5 }

  private static func delay(_ random: inout SeededGenerator) -> Double {
    while true {
      let months = 7 * exp(0.6 * random.normal())
      if months < Double(horizon) { return months }
    }
  }

  private static func binomial(_ random: inout SeededGenerator, _ n: Int, _ p: Double) -> Int {
    var (hits, index) = (0, 0)
    while true {
      index += 1 + Int(log(1 - random.uniform()) / log(1 - p))
      if index > n { return hits }
      hits += 1
    }
  }

  /// The arrival curve of the mature cohorts.
  var curve: LabelArrival {
    // A label that came k calendar months later came at an age of k ± ½.
    var curve = LabelArrival(ages: (0..<Self.horizon).map { Double($0) + 0.5 } + [24])
    for cohort in 0..<Self.cohorts where Self.age(of: cohort) >= Double(Self.horizon) {
      for months in arrivals[cohort] {
        for (age, count) in months.enumerated() {
          for _ in 0..<count { curve.insert(isPositive: true, age: Double(age)) }
        }
        curve.insertSilent(sizes[cohort] - months.reduce(0, +))
      }
    }
    return curve
  }

  /// The newest cohorts by age and range of scores.
  var cells: [ArrivingLabels] {
    (Self.cohorts - Self.newest..<Self.cohorts).flatMap { cohort in
      Self.rates.enumerated().map { range, rate in
        let size = Double(sizes[cohort])
        return ArrivingLabels(
          age: Self.age(of: cohort),
          count: sizes[cohort],
          positives: arrivals[cohort][range].reduce(0, +),
          expected: size * rate,
          spread: size * rate * (1 - rate)
        )
      }
    }
  }

  /// Labels that arrived in the three months before one, at ages from 9 months to the horizon.
  func arrived(upTo month: Int) -> [ArrivalBurst.Cell] {
    (9..<Self.horizon).map { age in
      var (exposure, labels) = (0, 0)
      for month in month - 3..<month where month - age >= 0 {
        exposure += Self.rates.count * sizes[month - age]
        labels += arrivals[month - age].reduce(0) { $0 + $1[age] }
      }
      return ArrivalBurst.Cell(exposure: exposure, arrivals: labels)
    }
  }
}
