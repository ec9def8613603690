import Events
import Glibc
import SimdjsonBenchmark

@main
struct DecodeBenchmark {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let command = arguments.first else {
      usage()
    }
    let rest = Array(arguments.dropFirst())
    switch (command, rest.count) {
    case ("generate", 3):
      generate(rest)
    case ("decode", 1):
      let bytes = read(rest[0])
      let (rows, sum) = decode(bytes)
      print("\(rows) rows, checksum \(sum)")
    case ("simdjson", 2):
      let ways = ["find": 0, "iterate": 1, "learned": 2]
      guard let way = ways[rest[0]] else {
        usage()
      }
      let bytes = read(rest[1])
      var rows = 0
      let sum = unsafe leeway_simdjson_read(
        bytes,
        bytes.count - EventDecoder.padding,
        Int32(way),
        &rows
      )
      print("\(rows) rows, checksum \(sum)")
    case ("monitor", 0):
      print(Replaying.monitor, terminator: "")
    case ("wide-monitor", 0):
      print(Replaying.wideMonitor, terminator: "")
    case ("judged", 3):
      guard let count = Int(rest[0]), let numbers = Int(rest[1]) else {
        usage()
      }
      write(JudgedStream(numbers: numbers).lines(count), to: rest[2])
    case ("judged-monitor", 1):
      print(JudgedStream(numbers: 0).monitor(by: rest[0]), terminator: "")
    case ("features-monitor", 0):
      print(JudgedStream(numbers: 0).monitor(by: nil), terminator: "")
    case ("growing", 3):
      guard let versions = GrowthStream.Versions(rawValue: rest[0]), let count = Int(rest[1]) else {
        usage()
      }
      write(GrowthStream(versions: versions).lines(count), to: rest[2])
    case ("growth-monitor", 0):
      print(GrowthStream.monitor, terminator: "")
    case ("outcomes", 3):
      guard let stream = outcomeStream(rest[0]), let count = Int(rest[1]) else {
        usage()
      }
      write(stream.lines(count), to: rest[2])
    case ("outcomes-monitor", 1):
      guard let stream = outcomeStream(rest[0]) else {
        usage()
      }
      print(stream.monitor, terminator: "")
    case ("rows", 3), ("rows-monitor", 1):
      rows(rest)
    case ("compare", 0...2):
      compare(
        rounds: rest.first.flatMap { Int($0) } ?? 9,
        executable: rest.count == 2 ? rest[1] : nil
      )
    default:
      usage()
    }
  }

  static func usage() -> Never {
    print(
      """
      DecodeBenchmark generate (stable|shuffled|long) COUNT FILE
      DecodeBenchmark (monitor|wide-monitor)
      DecodeBenchmark judged COUNT NUMBERS FILE
      DecodeBenchmark judged-monitor (whole|SEGMENT)
      DecodeBenchmark features-monitor
      DecodeBenchmark growing (few|many|rollouts) COUNT FILE
      DecodeBenchmark growth-monitor
      DecodeBenchmark outcomes (alone|joined) COUNT FILE
      DecodeBenchmark outcomes-monitor (alone|joined)
      DecodeBenchmark rows (arrays|objects|split|records|tensor|zipped) COUNT FILE
      DecodeBenchmark rows-monitor (arrays|objects|split|records|tensor|zipped)
      DecodeBenchmark decode FILE
      DecodeBenchmark compare [ROUNDS [LEEWAY]]
      """
    )
    exit(64)
  }

  /// Prints the monitor of a shape of rows, or writes a stream of it to a file.
  static func rows(_ arguments: [String]) {
    guard let shape = RowStream.Shape(rawValue: arguments[0]) else {
      usage()
    }
    guard arguments.count == 3 else {
      print(RowStream(shape: shape).monitor, terminator: "")
      return
    }
    guard let count = Int(arguments[1]) else {
      usage()
    }
    write(RowStream(shape: shape).lines(count), to: arguments[2])
  }

  static func outcomeStream(_ word: String) -> OutcomeStream? {
    ["alone": false, "joined": true][word].map { OutcomeStream(hasOutcomes: $0) }
  }

  static func generate(_ arguments: [String]) {
    guard let variant = EventGenerator.Variant(rawValue: arguments[0]),
      let count = Int(arguments[1])
    else {
      usage()
    }
    var generator = EventGenerator()
    write(generator.lines(count, variant), to: arguments[2])
  }

  static func write(_ bytes: [UInt8], to path: String) {
    guard let file = unsafe fopen(path, "w") else {
      fatalError("cannot write \(path)")
    }
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
  }

  /// The bytes of a file with the padding that the decoders want.
  static func read(_ path: String) -> [UInt8] {
    guard let file = unsafe fopen(path, "r") else {
      fatalError("cannot read \(path)")
    }
    unsafe fseek(file, 0, SEEK_END)
    let count = unsafe ftell(file)
    unsafe rewind(file)
    // Not zeroed first, which would be counted among the instructions.
    let room = count + EventDecoder.padding
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, size in
      let got = unsafe fread(buffer.baseAddress, 1, count, file)
      precondition(got == count, "read \(got) of \(count) bytes")
      unsafe buffer[count...].initialize(repeating: 0)
      size = room
    }
    unsafe fclose(file)
    return bytes
  }
}
