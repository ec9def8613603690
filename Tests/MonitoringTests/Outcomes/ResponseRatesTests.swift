import Sketches
import Testing

@testable import Monitoring

@Suite struct ResponseRatesTests {
  /// Requests of a stratum, of which some are answered.
  private func rows(
    _ reason: RelabelReason,
    key: Int32,
    asked: Int,
    answered: Int
  ) throws -> [JoinedRow] {
    try (0..<asked).map { place in
      var writer = ByteWriter()
      writer.write(UInt64(place))
      writer.write(UInt64(key))
      var reader = ByteReader(writer.bytes)
      let id = try EventID(from: &reader)
      var row = JoinedRow(
        prediction: PredictionRow(
          id: id,
          version: 0,
          time: 0,
          score: 0.5,
          decision: 1,
          key: key
        )
      )
      row.inclusion = 0.1
      row.reason = reason
      if place < answered { row.label = 1 }
      return row
    }
  }

  @Test func `each stratum has its own rate, where it has requests enough`() throws {
    let often = try rows(.uniform, key: 0, asked: 40, answered: 30)
    let seldom = try rows(.uniform, key: 1, asked: 40, answered: 10)
    let alert = try rows(.alert, key: 0, asked: 20, answered: 20)
    let rates = ResponseRates(often + seldom + alert)
    #expect(rates.rate(of: often[0]) == 0.75)
    #expect(rates.rate(of: seldom[0]) == 0.25)
    #expect(rates.rate(of: alert[0]) == 1)
  }

  @Test func `few requests are taken together by their reason, and fewer yet with all`() throws {
    let one = try rows(.uncertain, key: 0, asked: 10, answered: 8)
    let other = try rows(.uncertain, key: 1, asked: 10, answered: 2)
    let many = try rows(.uniform, key: 0, asked: 70, answered: 70)
    let few = try rows(.alert, key: 0, asked: 10, answered: 0)
    let rates = ResponseRates(one + other + many + few)
    #expect(rates.rate(of: one[0]) == 0.5)
    #expect(rates.rate(of: other[0]) == 0.5)
    #expect(rates.rate(of: many[0]) == 1)
    #expect(rates.rate(of: few[0]) == 0.8)
  }

  @Test func `without an answer there is no rate`() throws {
    let none = try rows(.uniform, key: 0, asked: 30, answered: 0)
    #expect(ResponseRates(none).rate(of: none[0]) == nil)
    #expect(ResponseRates([]).rate(of: none[0]) == nil)
  }
}
