import Testing

@testable import Statistics

/// The special functions against tables of SciPy and mpmath.
@Suite struct DistributionTests {
  @Test func `the normal distribution keeps its digits in both tails`() throws {
    for row in try GoldenTable("normal.csv").rows {
      #expect(relativeError(NormalDistribution.cumulative(row[0]), row[1]) < 2e-13, "\(row)")
      #expect(relativeError(NormalDistribution.survival(row[0]), row[2]) < 2e-13, "\(row)")
    }
  }

  @Test func `normal quantiles are those of SciPy`() throws {
    for row in try GoldenTable("normal_quantile.csv").rows {
      #expect(relativeError(NormalDistribution.quantile(row[0]), row[1]) < 1e-11, "\(row)")
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(0.5) == 0)
  }

  @Test func `incomplete gamma functions keep their digits in both tails`() throws {
    var worst = 0.0
    for row in try GoldenTable("incomplete_gamma.csv").rows {
      let (shape, x) = (row[0], row[1])
      let error = max(
        relativeError(IncompleteGamma.lower(shape: shape, x), row[2]),
        relativeError(IncompleteGamma.upper(shape: shape, x), row[3])
      )
      worst = max(worst, error)
      #expect(error < 1e-12, "\(row)")
    }
    print("incomplete gamma: worst relative error \(worst)")
  }

  @Test func `χ² quantiles are those of SciPy`() throws {
    for row in try GoldenTable("chi_squared_quantile.csv").rows {
      let distribution = ChiSquaredDistribution(degreesOfFreedom: row[0])
      #expect(relativeError(distribution.quantile(row[1]), row[2]) < 1e-11, "\(row)")
      let upper = NoncentralChiSquaredDistribution(degreesOfFreedom: row[0], noncentrality: 0)
        .upperQuantile(tail: row[1])
      #expect(relativeError(upper, row[3]) < 1e-11, "\(row)")
    }
  }

  @Test func `the non-central χ² distribution keeps its digits in both tails`() throws {
    var worst = 0.0
    for row in try GoldenTable("noncentral_chi_squared.csv").rows {
      let distribution = NoncentralChiSquaredDistribution(
        degreesOfFreedom: row[0],
        noncentrality: row[1]
      )
      let error = max(
        relativeError(distribution.cumulative(row[2]), row[3]),
        relativeError(distribution.survival(row[2]), row[4])
      )
      worst = max(worst, error)
      #expect(error < 1e-10, "\(row) \(distribution.cumulative(row[2]))")
    }
    print("non-central χ²: worst relative error \(worst)")
  }

  @Test func `the two ways to the non-central χ² agree where they meet`() {
    // λu/2 = 50 is the seam: a step across it must not be seen.
    for df in [1.0, 9, 255, 5_000] {
      for x in [df + 100, df + 140, df + 60] {
        var last = 1.0
        for noncentrality in stride(from: 60.0, through: 180, by: 0.25) {
          let value = NoncentralChiSquaredDistribution(
            degreesOfFreedom: df,
            noncentrality: noncentrality
          ).cumulative(x)
          #expect(value < last, "df \(df) λ \(noncentrality) x \(x)")
          last = value
        }
      }
    }
  }

  @Test func `quantiles invert the non-central χ² distribution`() {
    for df in [1.0, 9, 255, 5_000] {
      for noncentrality in [0, 0.5, 40, 1_000, 1e7] {
        let distribution = NoncentralChiSquaredDistribution(
          degreesOfFreedom: df,
          noncentrality: noncentrality
        )
        for tail in [1e-100, 1e-9, 0.01, 0.3, 0.7, 0.99] {
          let upper = distribution.upperQuantile(tail: tail)
          #expect(
            relativeError(distribution.survival(upper), tail) < 1e-7,
            "df \(df) λ \(noncentrality) tail \(tail)"
          )
          let lower = distribution.quantile(tail)
          #expect(
            relativeError(distribution.cumulative(lower), tail) < 1e-7,
            "df \(df) λ \(noncentrality) tail \(tail)"
          )
        }
        #expect(distribution.quantile(0) == 0)
        #expect(distribution.quantile(1) == .infinity)
      }
    }
  }

  @Test func `the ends of the distributions are their limits`() {
    let distribution = NoncentralChiSquaredDistribution(degreesOfFreedom: 9, noncentrality: 200)
    #expect(distribution.survival(0) == 1)
    #expect(distribution.survival(-1) == 1)
    #expect(distribution.survival(.infinity) == 0)
    #expect(distribution.cumulative(1e300) == 1)
    #expect(distribution.survival(1e-300) == 1)
    #expect(ChiSquaredDistribution(degreesOfFreedom: 3).survival(.infinity) == 0)
    #expect(KolmogorovDistribution.survival(0) == 1)
    #expect(KolmogorovDistribution.survival(.infinity) == 0)
    #expect(KolmogorovDistribution.cumulative(0.001) == 0)
  }

  @Test func `Kolmogorov's distribution is that of SciPy`() throws {
    for row in try GoldenTable("kolmogorov.csv").rows {
      #expect(relativeError(KolmogorovDistribution.cumulative(row[0]), row[1]) < 1e-12, "\(row)")
      #expect(relativeError(KolmogorovDistribution.survival(row[0]), row[2]) < 1e-12, "\(row)")
    }
  }

  @Test func `exact Kolmogorov–Smirnov probabilities are those of counting`() throws {
    let table = try GoldenTable("kolmogorov_exact.csv")
    #expect(table.rows.count > 20)
    for row in table.rows {
      let probability = try #require(
        kolmogorovExactPValue(
          statistic: row[2],
          referenceCount: UInt64(row[0]),
          currentCount: UInt64(row[1])
        )
      )
      #expect(relativeError(probability, row[3]) < 1e-12, "\(row)")
    }
  }
}
