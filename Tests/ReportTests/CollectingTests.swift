import Events
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Report

@Suite struct CollectingTests {
  @Test(arguments: [1, 7, 8, 9, 63, 64, 65, 1000, 5001])
  func `a stretch keeps its least and its greatest value, its first and last end`(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let values = (0..<count).map { _ in Double(random.next() % 1000) }
    func sample(_ index: Int) -> Series.Sample {
      let value = StatisticValue(value: values[index], n: 100 + index % 7)
      return Series.Sample(value: value, start: Int64(index), end: Int64(index + 1))
    }
    var series = Series(sample(0), limit: 8)
    for index in 1..<max(count, 1) where index < count { series.append(sample(index)) }
    let stretch = series.columns.stretch
    #expect(series.columns.count <= 8)
    #expect(series.columns.count * 2 > 8 || stretch == 1)
    for column in 0..<series.columns.count {
      let range = column * stretch..<min((column + 1) * stretch, count)
      #expect(series.least[column] == values[range].min(), "column \(column)")
      #expect(series.most[column] == values[range].max(), "column \(column)")
      #expect(series.columns.firstEnds[column] == Int64(range.lowerBound + 1))
      #expect(series.columns.lastEnds[column] == Int64(range.upperBound))
      #expect(series.counts[column] == range.map { 100 + $0 % 7 }.min())
    }
    #expect(series.lowest.value.value == values.min())
    #expect(series.highest.value.value == values.max())
    #expect(series.last == sample(count - 1))
  }

  @Test func `the map keeps the worst cell of each stretch, and memory is bounded`() throws {
    let count = 20_000
    let replay = try SyntheticReplay(signals: 2, windows: count, weather: .wild)
    let map = replay.report.map
    #expect(map.columns.stretch == 2)
    #expect(map.columns.count == count / 2)
    for (row, signal) in map.signals.enumerated() {
      let verdicts = try #require(replay.verdicts[signal]).map {
        DriftCell($0)
      }
      let expected = (0..<count / 2).map {
        DriftCell.worst(verdicts[2 * $0], verdicts[2 * $0 + 1])
      }
      #expect(map.cells[row] == expected)
    }
  }

  @Test func `columns with a lowered limit are joined, an odd one is filled up`() {
    var columns = Columns(limit: 16)
    for end in 1...5 { _ = columns.append(end: Int64(end)) }
    columns.limit = 4
    #expect(columns.append(end: 6) == Columns.Step(joins: 1, begins: false))
    #expect(columns.firstEnds == [1, 3, 5])
    #expect(columns.lastEnds == [2, 4, 6])
    #expect(columns.append(end: 7) == Columns.Step(joins: 0, begins: true))
    #expect(columns.stretch == 2)
  }

  @Test func `an alert is one episode from firing to resolved`() {
    var history = AlertHistory()
    for hour in [1, 3] as [Int64] {
      history.insert(SyntheticReplay.alert(.pending, startsAt: hour, time: hour))
      history.insert(SyntheticReplay.alert(.firing, startsAt: hour, time: hour))
      #expect(history.firing.count == 1)
      history.insert(SyntheticReplay.alert(.resolved, startsAt: hour, time: hour + 1))
      #expect(history.firing.isEmpty)
    }
    #expect(history.fired == 2)
    #expect(history.episodes.map(\.resolved) == [2, 4])
  }

  @Test func `beyond the limit alerts are counted, not kept`() {
    var history = AlertHistory()
    for time in 0..<Int64(AlertHistory.limit + 5) {
      history.insert(SyntheticReplay.alert(.firing, startsAt: time, time: time))
      history.insert(SyntheticReplay.alert(.resolved, startsAt: time, time: time))
    }
    #expect(history.fired == AlertHistory.limit + 5)
    #expect(history.episodes.count == AlertHistory.limit)
    #expect(history.firing.isEmpty)
  }
}
