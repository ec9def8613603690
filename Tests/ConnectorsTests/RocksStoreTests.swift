import Connectors
import Foundation
import TestSupport
import Testing

/// Rows on the disk.
@Suite struct RocksStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func row(_ key: UInt64) -> [UInt8] { Array("row \(key &* 2_654_435_761)".utf8) }

  private func put(_ keys: [UInt64], into store: RocksStore) throws {
    var rows: RocksStore.Rows = ([], [])
    for key in keys {
      rows.bytes += row(key)
      rows.ends.append(rows.bytes.count)
    }
    try store.put(keys, rows)
  }

  private func taken(_ rows: RocksStore.Rows) -> [[UInt8]] {
    var from = 0
    return rows.ends.map { end in
      defer { from = end }
      return Array(rows.bytes[from..<end])
    }
  }

  @Test func `what is put is read by key and by range, and gone when it is removed`() throws {
    let store = try RocksStore(folder.path("store"))
    let keys = (UInt64(1 << 40)..<(1 << 40) + 3_000).filter { $0 % 7 != 0 } + [.max - 1]
    try put(keys, into: store)
    #expect(taken(store.rows(keys)) == keys.map(row))
    let range = UInt64(1 << 40)..<(1 << 40) + 100
    #expect(taken(store.rows(range)) == range.map { $0 % 7 == 0 ? [] : row($0) })
    try store.remove(range)
    #expect(taken(store.rows(range)) == range.map { _ in [] })
    #expect(taken(store.rows([(1 << 40) + 100])) == [row((1 << 40) + 100)])
    #expect(taken(store.rows([5, 6])) == [[], []])
  }

  @Test func `a copy stays as it was, and opens when the first was never closed`() throws {
    let store = try RocksStore(folder.path("store"))
    try put([1, 2, 3], into: store)
    try store.copy(to: folder.path("copy"))
    try put([2, 4], into: store)
    try store.remove(1..<2)
    let copy = try RocksStore(folder.path("copy"), isReadOnly: true)
    #expect(taken(copy.rows(1..<5)) == [row(1), row(2), row(3), []])
    #expect(throws: StreamError.self) { try put([9], into: copy) }
  }

  @Test func `a flipped bit costs the rows of its block and no other`() throws {
    let keys = Array(UInt64(0)..<20_000)
    do {
      let store = try RocksStore(folder.path("store"))
      try put(keys, into: store)
      try store.copy(to: folder.path("copy"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("copy"))
    let table = try #require(names.first { $0.hasSuffix(".sst") })
    let url = URL(filePath: folder.path("copy")).appending(path: table)
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count / 3] ^= 0x10
    try bytes.write(to: url)
    let copy = try RocksStore(folder.path("copy"), isReadOnly: true)
    for rows in [copy.rows(0..<20_000), copy.rows(keys)] {
      let taken = taken(rows)
      let lost = taken.indices.filter { taken[$0].isEmpty }
      #expect((1...1_000).contains(lost.count))
      #expect(taken.indices.allSatisfy { taken[$0].isEmpty || taken[$0] == row(UInt64($0)) })
    }
  }

  @Test func `a folder that is no store is refused with its name`() throws {
    let error = #expect(throws: StreamError.self) {
      try RocksStore(folder.path("nothing"), isReadOnly: true)
    }
    #expect(error?.description.contains(folder.path("nothing")) == true)
    #expect(throws: StreamError.self) { try RocksStore("/proc/nowhere") }
  }

  @Test func `a removed folder is gone, and one that is open stays`() throws {
    let path = folder.path("store")
    do {
      let store = try RocksStore(path)
      try put([1], into: store)
      RocksStore.remove(path)
      #expect(taken(store.rows([1])) == [row(1)])
      #expect(FileManager.default.fileExists(atPath: path))
    }
    RocksStore.remove(path)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
