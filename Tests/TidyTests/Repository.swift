import Foundation

/// A text file of this repository.
struct TextFile: Sendable {
  /// From the root of the repository: `Sources/Events/Cell.swift`.
  let path: String
  let text: String

  /// Of a Swift file: its code alone.
  var swift: SwiftText { Repository.code[path] ?? SwiftText(text) }

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The first part of the path below `Sources` or `Tests`: `Events`.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : nil
  }

  func isBelow(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
}

/// The repository that these tests stand in, as it lies on the disk.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Folders that hold what tools made, not what people wrote.
  private static let madeFolders: Set<String> = ["out", "__pycache__", "node_modules"]
  private static let hiddenFolders: Set<String> = [".ci", ".github"]
  private static let textSuffixes: Set<String> = [
    "swift", "c", "h", "cpp", "modulemap", "py", "sh", "md", "yaml", "yml", "json", "csv", "txt",
    "dict", "ndjson", "service",
  ]
  private static let textNames: Set<String> = [
    "Makefile", "LICENSE", ".gitignore", ".swift-format",
  ]

  /// All text files, in the order of their paths.
  static let files: [TextFile] = read()

  static let swift = files.filter { $0.path.hasSuffix(".swift") }
  static let sources = swift.filter { $0.isBelow("Sources") }
  static let documents = files.filter { $0.path.hasSuffix(".md") }

  /// The code of every Swift file by its path, read once for all rules.
  static let code = Dictionary(uniqueKeysWithValues: swift.map { ($0.path, SwiftText($0.text)) })

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path(percentEncoded: false))
  }

  private static func read() -> [TextFile] {
    var found: [TextFile] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: folder).path(percentEncoded: false)
      )
      for name in names ?? [] {
        let path = folder.isEmpty ? name : folder + "/" + name
        let place = root.appending(path: path)
        let isFolder = (try? place.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false
        if isFolder {
          let isHidden = name.hasPrefix(".") && !hiddenFolders.contains(name)
          if !isHidden && !madeFolders.contains(name) { folders.append(path) }
        } else if isText(name), let text = try? String(contentsOf: place, encoding: .utf8) {
          found.append(TextFile(path: path, text: text))
        }
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  /// Scripts have no suffix: `deploy/release`, `.ci/run`.
  private static func isText(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return textNames.contains(name) || !name.hasPrefix(".")
    }
    return textSuffixes.contains(String(name[name.index(after: dot)...]))
  }
}
