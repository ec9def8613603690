import Foundation
import Statistics
import TestSupport

/// Two public data sets and what other people's software makes of them.
///
/// They are large and are not in the repository: tests run where they are present.
enum PeerData {
  static let folder: URL? = {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.deletingLastPathComponent().appending(path: "shared/data")
    guard FileManager.default.fileExists(atPath: folder.appending(path: "golden").path) else {
      print("SKIPPED: quality against scikit-learn and NannyML: no \(folder.path)")
      return nil
    }
    return folder
  }()

  /// The data sets and the size of their chunks.
  static let streams = [("car-loan", 5000), ("california-housing", 1000)]

  /// Predictions in the order of their file.
  struct Predictions {
    var scores: [Double] = []
    var decisions: [Bool] = []
    var outcomes: [Bool] = []

    /// Reads a split's events and labels, which are in the same order.
    init(_ name: String, _ split: String) throws {
      var isJoined = true
      let labels = try PeerData.lines(name, split, "labels")
      let events = try PeerData.lines(name, split, "events")
      for (event, label) in zip(events, labels) {
        isJoined = isJoined && Self.id(event) == Self.id(label)
        let fields = event.suffix(60).split(separator: 0x3a).suffix(2)
        guard let score = fields.first?.prefix(while: { $0 != 0x2c }) else { continue }
        scores.append(Double(String(decoding: score, as: UTF8.self)) ?? .nan)
        decisions.append(fields.last?.first == 0x31)
        outcomes.append(label.suffix(2).first == 0x31)
      }
      guard isJoined, events.count == labels.count else { throw CocoaError(.fileReadCorruptFile) }
    }

    private static func id(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      line.prefix { $0 != 0x2c }
    }

    /// The chunks of so many predictions; -1 is all of them.
    func chunk(_ index: Int, of size: Int) -> Predictions {
      if index < 0 { return self }
      var part = self
      let range = index * size..<min(scores.count, (index + 1) * size)
      part.scores = Array(scores[range])
      part.decisions = Array(decisions[range])
      part.outcomes = Array(outcomes[range])
      return part
    }

    var realised: BinaryOutcomes {
      BinaryOutcomes(scores: scores, decisions: decisions, outcomes: outcomes)
    }
  }

  private static func lines(
    _ name: String,
    _ split: String,
    _ kind: String
  ) throws -> [ArraySlice<UInt8>] {
    let path = folder?.appending(path: "streams/\(name).\(split).\(kind).ndjson.gz").path ?? ""
    return [UInt8](try unpackedFile(path)).split(separator: 0x0a)
  }

  /// The rows of a golden table, by column.
  static func table(_ name: String) throws -> [[String: String]] {
    let path = folder?.appending(path: "golden/\(name)").path ?? ""
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let columns = lines.first?.split(separator: ",").map(String.init) ?? []
    return lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(columns, cells))
    }
  }
}
