/// What a file may hold at most, whatever it describes.
enum YAMLBounds {
  /// Bytes of one scalar: a monitor file needs no more, and places in it stay cheap to find.
  static let scalarBytes = 16_384
  /// Findings that are reported; the rest is counted.
  static let diagnostics = 100
}
