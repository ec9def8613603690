import Expressions
import Testing

@testable import Monitoring

@Suite struct MeasureTests {
  @Test("every statistic is asked of the subjects of which the language lets it be asked")
  func subjects() {
    for statistic in StatisticName.allCases {
      let measure = statistic.measure
      for (subject, has) in [
        ("features.x", measure.ofSignal != nil),
        ("events", measure.ofEvents != nil),
        ("kpis.x", measure.ofKPI != nil),
      ] where subject != "kpis.x" || statistic == .value {
        let isRead = (try? WindowExpression.parse("\(statistic.rawValue)(\(subject)) > 1")) != nil
        #expect(isRead == has, "\(statistic.rawValue)(\(subject))")
      }
    }
  }

  @Test("a statistic that compares with the reference needs one, and no other does")
  func needs() {
    // What is counted is beyond the reference already.
    let counted = [StatisticName.unseen, .outOfRange]
    for statistic in StatisticName.allCases where !counted.contains(statistic) {
      #expect(statistic.measure.needs.isEmpty != statistic.comparesWithReference, "\(statistic)")
    }
  }
}
