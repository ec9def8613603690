extension ReferenceBins {
  /// Adds one to the cell of each value.
  ///
  /// - Parameters:
  ///   - values: Numbers, no NaN.
  ///   - cells: ``cellCount`` counters.
  /// - Complexity: O(n), see the type.
  public func count(
    _ values: UnsafeBufferPointer<Double>,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<values.count {
      let cell = cell(of: unsafe values[row])
      unsafe cells[cell] &+= 1
    }
  }
}
