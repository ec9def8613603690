import Ingest
import Records
import Standing
import Testing

@testable import Agent
@testable import Monitoring

/// What is said of the parts of the traffic, beside what is measured of them.
@Suite struct TrafficPartTests {
  private static func run(
    _ sample: SampleStream,
    _ parts: PartWatching
  ) throws -> (parts: TrafficParts, views: [MeasuredPart]) {
    let path = try sample.write(sample.lines, as: "stream")
    var options = PipelineOptions()
    options.measuring = .everything
    options.parts = parts
    var pipeline = try Pipeline(sample.plan, StreamNames([path]), isLive: false, options: options)
    var views: [MeasuredPart] = []
    while !pipeline.hasEnded { views += pipeline.runRound().engine.measured }
    views += pipeline.finish().engine.measured
    return (try #require(pipeline.engine.trafficParts), views)
  }

  /// The largest lower bound of a segment's signals in some windows.
  private static func surest(_ segment: String, _ views: [MeasuredPart]) -> Double {
    let own = views.filter { $0.segment == segment }.flatMap(\.measurements)
    return own.filter { $0.statistic == "drift" }.map(\.value.driftBound).max() ?? 0
  }

  @Test func `every part has its events, and the drift that is measured of it`() throws {
    let sample = try SampleStream()
    let (parts, views) = try Self.run(sample, .newest)
    #expect(parts.events == sample.good)
    let dimension = try #require(parts.dimensions.first)
    #expect(parts.dimensions.count == 1 && dimension.segment == "group")
    #expect(dimension.parts.map(\.events).reduce(0, +) == sample.good)
    let ends = views.filter(\.isWhole).map(\.end)
    #expect(parts.newestEnd == ends.max())
    for part in dimension.parts {
      let segment = try #require(part.segment)
      #expect(part.surest?.drift.driftBound ?? 0 == Self.surest(segment, views), "\(segment)")
      #expect(part.surest?.isBeyond == true)
      let last = views.filter { $0.end == parts.newestEnd }
      #expect(part.newest?.drift.driftBound ?? 0 == Self.surest(segment, last), "\(segment)")
    }
  }

  @Test func `over a stream they are judged in windows that do not overlap`() throws {
    let sample = try SampleStream()
    let (parts, views) = try Self.run(sample, .surest)
    var judged: [MeasuredPart] = []
    var end = Int64.min
    for whole in views.filter(\.isWhole) where whole.start >= end {
      judged += views.filter { $0.end == whole.end }
      end = whole.end
    }
    #expect(parts.events == sample.good)
    #expect(parts.newestEnd == end)
    for part in try #require(parts.dimensions.first).parts {
      let segment = try #require(part.segment)
      #expect(part.surest?.drift.driftBound ?? 0 == Self.surest(segment, judged), "\(segment)")
    }
  }
}
