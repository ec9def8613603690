import Foundation
import TestSupport
import Testing

@testable import Connectors

/// What becomes of files that are added to: torn ends, packed parts, other names.
@Suite struct OutputStreamTests {
  private let files: StreamFiles

  init() throws {
    files = try StreamFiles()
  }

  private func path(_ name: String) -> String { files.folder.appending(path: name).path }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// Adds bytes to a file; answers with what was cut off before.
  private func add(_ added: [UInt8], to path: String) throws -> Int {
    var output = try OutputStream(path: path, opening: .appending)
    try output.write(added)
    try output.finish()
    return output.cutBytes
  }

  @Test(arguments: ["plain", "packed.gz", "packed.zst"])
  func `what is added stands behind what was there`(name: String) throws {
    var random = SeededGenerator(seed: 51)
    let parts = [random.lines(300), random.lines(1), [], random.lines(2000)]
    for part in parts { #expect(try add(part, to: path(name)) == 0) }
    let (read, error) = try readAll(path(name), piece: 1 << 16)
    #expect(error == nil)
    #expect(read == parts.flatMap { $0 })
  }

  @Test(arguments: ["plain", "packed.gz", "packed.zst"])
  func `without being added to, a file holds what was written last`(name: String) throws {
    for part in [Array("first\n".utf8), Array("second\n".utf8)] {
      var output = try OutputStream(path: path(name))
      try output.write(part)
      try output.finish()
    }
    #expect(try readAll(path(name), piece: 100).bytes == Array("second\n".utf8))
  }

  @Test func `a torn last line is cut off, wherever it was torn`() throws {
    let whole = Array("{\"a\":1}\n{\"b\":2}\n".utf8)
    let next = Array("{\"c\":3}\n".utf8)
    for length in 0...whole.count {
      let path = try files.write(whole.prefix(length), as: "torn")
      let kept = whole.prefix(length).lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
      #expect(try add(next, to: path) == length - kept)
      #expect(try bytes(path) == Array(whole.prefix(kept)) + next, "torn at \(length)")
    }
    // Longer than is looked at in one go.
    let long = Array("first\n".utf8) + [UInt8](repeating: 0x78, count: 200_000)
    let path = try files.write(long, as: "long")
    #expect(try add(next, to: path) == 200_000)
    #expect(try bytes(path) == Array("first\n".utf8) + next)
  }

  @Test(arguments: ["torn.gz", "torn.zst"])
  func `of a torn packed part its whole lines stay`(name: String) throws {
    var random = SeededGenerator(seed: 52)
    let first = random.lines(200)
    let second = random.lines(4000)
    #expect(try add(first, to: path(name)) == 0)
    let boundary = try bytes(path(name)).count
    #expect(try add(second, to: path(name)) == 0)
    let packed = try bytes(path(name))
    let next = Array("next\n".utf8)
    for step in 1...12 {
      let cut = boundary + (packed.count - boundary) * step / 13
      let torn = try files.write(packed.prefix(cut), as: name)
      _ = try add(next, to: torn)
      let (read, error) = try readAll(torn, piece: 1 << 16)
      #expect(error == nil, "cut at \(cut)")
      #expect(read.suffix(next.count) == next[...])
      let kept = read.dropLast(next.count)
      #expect(kept.starts(with: first) && (first + second).starts(with: kept), "cut at \(cut)")
      #expect(kept.last == 0x0a)
    }
  }

  @Test func `what is flushed can be read before a packed file has its end`() throws {
    var output = try OutputStream(path: path("live.gz"), opening: .appending)
    try output.write(Array("one\n".utf8))
    try output.flush()
    #expect(try readAll(path("live.gz"), piece: 100).bytes == Array("one\n".utf8))
    let length = try bytes(path("live.gz")).count
    try output.flush()
    #expect(try bytes(path("live.gz")).count == length)
    try output.finish()
    #expect(try readAll(path("live.gz"), piece: 100).error == nil)
  }

  @Test func `what is no packed file is not taken for one`() throws {
    let text = Array("not packed\n".utf8)
    let path = try files.write(text, as: "text.gz")
    #expect(throws: StreamError.notAppendable(path: path, format: "gzip")) {
      try add([0x0a], to: path)
    }
    #expect(try bytes(path) == text)
  }

  @Test(arguments: ["rotated", "rotated.gz"])
  func `after a renaming, opening anew loses nothing`(name: String) throws {
    var output = try OutputStream(path: path(name), opening: .appending)
    try output.write(Array("one\n".utf8))
    try FileManager.default.moveItem(atPath: path(name), toPath: path("old-" + name))
    try output.write(Array("two\n".utf8))
    try output.reopen()
    try output.write(Array("three\n".utf8))
    try output.finish()
    let old = try files.write(bytes(path("old-" + name)), as: "copy")
    #expect(try readAll(old, piece: 100).bytes == Array("one\ntwo\n".utf8))
    #expect(try readAll(path(name), piece: 100).bytes == Array("three\n".utf8))
  }

  @Test func `what cannot be opened anew goes on in the old file`() throws {
    let folder = files.folder.appending(path: "folder")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "output").path
    var output = try OutputStream(path: path, opening: .appending)
    let moved = files.folder.appending(path: "moved")
    try FileManager.default.moveItem(at: folder, to: moved)
    let error = StreamError.cannotOpen(path: path, errno: ENOENT)
    #expect(throws: error) { () throws in try output.reopen() }
    try output.write(Array("still here\n".utf8))
    try output.finish()
    #expect(try bytes(moved.appending(path: "output").path) == Array("still here\n".utf8))
  }

  @Test func `a pipe that was set not to wait is waited for, at both ends`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    for end in ends { #expect(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
    // More than the pipe holds: the writer waits for the reader, and at its start and end the
    // reader for the writer.
    let sent = [UInt8](repeating: 0x61, count: 1 << 20)
    let isWritten = DispatchSemaphore(value: 0)
    Thread {
      usleep(20_000)
      let code = unsafe sent.withUnsafeBytes { unsafe FileDescriptor.write(output, $0) }
      #expect(code == 0)
      usleep(20_000)
      close(output)
      isWritten.signal()
    }.start()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var received = 0
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe FileDescriptor.read(input, into: $0)
      }
      #expect(count >= 0)
      if count <= 0 { break }
      received += count
    }
    #expect(received == sent.count)
    isWritten.wait()
    close(input)
  }
}
