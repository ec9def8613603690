import Events
import Expressions
import FuzzSupport

// Any text is either read or refused with places inside it; what is read prints as a text that
// reads the same; and what is checked can be evaluated.

private func check(_ errors: ExpressionErrors, _ source: String) {
  require(!errors.diagnostics.isEmpty, "a refusal says why")
  for diagnostic in errors.diagnostics {
    let span = diagnostic.span
    let isInside =
      span.offset >= 0 && span.length >= 0
      && span.offset + span.length <= source.utf8.count + 1
    require(isInside, "a mistake has its place in the text: \(span)")
  }
}

private let samples: [Cell] = [.missing, .null, .composite, Cell(1.5), .true]
private let roles = EventRoles(
  score: FieldPath(["p"]),
  latency: .init(path: FieldPath(["took"]), unit: .milliseconds)
)

private func evaluate(_ number: EventNumber) {
  unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: samples.count) { cells in
    for (row, sample) in samples.enumerated() { unsafe cells[row] = sample.bits }
    unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: samples.count) { result in
      guard let column = cells.baseAddress, let answer = result.baseAddress else {
        return
      }
      unsafe result.initialize(repeating: 0)
      unsafe number.evaluate(
        columns: number.fields.map { _ in unsafe UnsafePointer(column) },
        rowCount: samples.count,
        chunk: UnsafeRawBufferPointer(start: nil, count: 0),
        into: answer
      )
      for row in samples.indices {
        let cell = unsafe Cell(bits: result[row])
        let isKnown = cell.isNumber ? cell.number.isFinite : samples.contains(cell)
        require(isKnown, "a number is finite, or a cell that is no number")
      }
    }
  }
}

private func evaluate(_ predicate: EventPredicate) {
  unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: samples.count) { cells in
    for (row, sample) in samples.enumerated() { unsafe cells[row] = sample.bits }
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: samples.count) { mask in
      guard let column = cells.baseAddress, let answer = mask.baseAddress else {
        return
      }
      unsafe predicate.evaluate(
        columns: predicate.fields.map { _ in unsafe UnsafePointer(column) },
        rowCount: samples.count,
        chunk: UnsafeRawBufferPointer(start: nil, count: 0),
        into: answer
      )
    }
  }
}

runFuzzer { bytes, count in
  let source = unsafe String(
    decoding: UnsafeBufferPointer(start: bytes, count: count),
    as: UTF8.self
  )
  do throws(ExpressionErrors) {
    let expression = try Expression.parse(source)
    let printed = expression.description
    let again = try? Expression.parse(printed)
    // Escapes may make a text longer than is read.
    let isTooLong = printed.utf8.count > ExpressionLimits.sourceBytes
    require(
      again == expression || isTooLong,
      "printing keeps the meaning: \(source) became \(printed)"
    )
  } catch { check(error, source) }
  do throws(ExpressionErrors) {
    evaluate(try EventPredicate.parse(source))
  } catch { check(error, source) }
  do throws(ExpressionErrors) {
    evaluate(try EventPredicate.parse(source, roles: roles))
  } catch { check(error, source) }
  do throws(ExpressionErrors) {
    evaluate(try EventNumber.parse(source, roles: roles))
  } catch { check(error, source) }
  do throws(ExpressionErrors) {
    let kpi = try KPIExpression.parse(source, roles: roles)
    require(!kpi.measures.isEmpty, "a KPI asks for an aggregate")
    require(Set(kpi.measures).count == kpi.measures.count, "each aggregate is asked for once")
    for measure in kpi.measures { evaluate(measure.number) }
    let value = kpi.evaluate { Double($0) - 0.5 }
    require(value?.isFinite ?? true, "a KPI is finite, or has no value")
  } catch { check(error, source) }
  do throws(ExpressionErrors) {
    let expression = try WindowExpression.parse(source, durations: ["latency", "kpis.a"])
    require(!expression.uses.isEmpty, "a condition asks for a statistic")
    _ = expression.evaluate(signal: "kpis.b") { $0.ago == nil ? 2 : 0 }
    _ = expression.evaluate(signal: "features.a") { $0.ofReference ? 1 : 0.5 }
    _ = expression.evaluate(signal: nil) { _ in nil }
  } catch { check(error, source) }
  return 0
}
