internal import Events

extension SignalProfile {
  /// Whether all that it tells of the field's values are keyed hashes.
  var isHidden: Bool {
    guard case .category(let reference) = reference else { return false }
    return reference.values.allSatisfy(KeyedHash.isName)
  }
}
