import Events

@testable import Expressions

/// Events as columns of cells, made without the decoder.
struct CellTable {
  var chunk: [UInt8] = []
  var columns: [String: [UInt64]] = [:]

  /// A string's cell; its bytes are put at the end of the chunk.
  mutating func string(_ bytes: String, isEscaped: Bool = false) -> UInt64 {
    let reference = TokenReference(
      kind: .string,
      isEscaped: isEscaped,
      offset: chunk.count,
      length: bytes.utf8.count
    )
    chunk += Array(bytes.utf8)
    return Cell(reference).bits
  }

  private var rowCount: Int { columns.values.first?.count ?? 0 }

  /// The columns of some fields, one after the other.
  private func flat(_ fields: [EventField]) -> [UInt64] {
    fields.flatMap { field in
      columns[field.path.description] ?? Array(repeating: Cell.missing.bits, count: rowCount)
    }
  }

  /// Which rows hold.
  func rows(_ source: String, roles: EventRoles = .none) throws -> [Bool] {
    let predicate = try EventPredicate.parse(source, roles: roles)
    let flat = flat(predicate.fields)
    var mask = [UInt8](repeating: 9, count: rowCount)
    unsafe flat.withUnsafeBufferPointer { cells in
      unsafe chunk.withUnsafeBytes { bytes in
        unsafe mask.withUnsafeMutableBufferPointer { mask in
          guard let base = cells.baseAddress, let target = mask.baseAddress else { return }
          let pointers = unsafe predicate.fields.indices.map { unsafe base + $0 * rowCount }
          unsafe predicate.evaluate(
            columns: pointers,
            rowCount: rowCount,
            chunk: bytes,
            into: target
          )
        }
      }
    }
    return mask.map { $0 == 1 }
  }

  /// The cells of a number.
  func cells(_ number: EventNumber) -> [Cell] {
    let flat = flat(number.fields)
    var result = [UInt64](repeating: 9, count: rowCount)
    unsafe flat.withUnsafeBufferPointer { cells in
      unsafe chunk.withUnsafeBytes { bytes in
        unsafe result.withUnsafeMutableBufferPointer { result in
          guard let target = result.baseAddress else { return }
          let pointers = unsafe number.fields.indices.compactMap { index in
            unsafe cells.baseAddress.map { unsafe $0 + index * rowCount }
          }
          unsafe number.evaluate(
            columns: pointers,
            rowCount: rowCount,
            chunk: bytes,
            into: target
          )
        }
      }
    }
    return result.map { Cell(bits: $0) }
  }

  /// The numbers of a number; `nil` where a row has none.
  func numbers(_ source: String, roles: EventRoles = .none) throws -> [Double?] {
    let number = try EventNumber.parse(source, roles: roles)
    return cells(number).map { $0.isNumber ? $0.number : nil }
  }
}
