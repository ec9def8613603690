internal import Events
internal import Sketches
internal import Specification

/// What was seen of one field while a profile is built, by group of segment values.
struct FieldTally: Sendable {
  let name: String
  let path: FieldPath
  let type: FeatureType?

  private(set) var missing: Int
  /// Objects, arrays, overflowing numbers, over-long strings.
  private(set) var unusable = 0
  private(set) var numbers = NumberTally()
  private(set) var categories = CategoryTally()
  private(set) var booleans = BooleanTally()

  /// How many different categories are counted while a profile is built; later ones spill.
  static let categoryLimit = 1 << 17

  /// A field of which the given number of events said nothing, because it was not known yet.
  init(name: String, path: FieldPath, type: FeatureType?, missing: Int) {
    self.name = name
    self.path = path
    self.type = type
    self.missing = missing
  }

  mutating func insert(_ cell: Cell, group: Int, chunk: UnsafeRawBufferPointer) {
    if cell.isNumber {
      numbers.insert(cell.number, group)
    } else if cell == .missing || cell == .null {
      missing += 1
    } else if cell == .true || cell == .false {
      booleans.insert(cell == .true, group)
    } else if let reference = cell.reference, let bytes = unsafe canonicalBytes(of: cell, in: chunk)
    {
      if reference.kind == .boolean, type == .boolean {
        booleans.insert(bytes.count == 4, group)
      } else {
        categories.insert(bytes, reference.kind, group)
      }
    } else {
      unusable += 1
    }
  }
}

extension FieldTally {
  /// The type that the field has: as declared, else that of most of its values.
  var resolvedType: FeatureType {
    if let type { return type }
    if numbers.count >= max(categories.count, booleans.count) { return .number }
    return categories.count >= booleans.count ? .category : .boolean
  }

  /// The field as a signal of a profile; `nil` without a value of its type.
  ///
  /// - Parameters:
  ///   - membership: For each segment's field and value, the groups that have it.
  ///   - categoryLimit: The most categories that are kept.
  /// - Returns: The signal, with its counts by cell or category.
  func profile(membership: [[[Int]]], categoryLimit: Int) -> SignalProfile? {
    let reference: SignalProfile.Reference?
    let used: Int
    switch resolvedType {
    case .number:
      reference = numbers.reference(membership).map(SignalProfile.Reference.number)
      used = numbers.count
    case .boolean:
      reference = booleans.reference(membership).map(SignalProfile.Reference.category)
      used = booleans.count
    case .category:
      reference = categories.reference(membership, categoryLimit).map(
        SignalProfile.Reference.category
      )
      used = categories.count
    }
    return reference.map {
      SignalProfile(
        name: name,
        path: path,
        missing: missing,
        invalid: unusable + numbers.count + categories.count + booleans.count - used,
        reference: $0
      )
    }
  }
}
