import Testing

/// A type that stores much is either cut into parts or says why it is not.
@Suite struct StoredPropertyTests {
  private static let propertiesMax = 8
  /// The fewest characters of a reason.
  private static let reasonMin = 40

  /// A type's documentation as one text; attributes may stand between the two.
  static func documentation(above line: Int, in lines: [Substring]) -> String {
    var words: [Substring] = []
    for line in lines[..<(line - 1)].reversed() {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("@") { continue }
      guard text.hasPrefix("///") else { break }
      words.insert(text.dropFirst(3).drop { $0 == " " }, at: 0)
    }
    return words.joined(separator: " ")
  }

  /// What is wrong with a type that stores so many properties; `nil` where nothing is.
  static func fault(_ type: SwiftText.TypeDeclaration, _ documentation: String) -> String? {
    guard type.storedProperties > propertiesMax else {
      guard documentation.firstMatch(of: /Its [0-9]+ properties/) == nil else {
        return "gives a reason that it does not need"
      }
      return nil
    }
    guard let start = documentation.firstRange(of: "Its \(type.storedProperties) properties ")
    else {
      return "stores \(type.storedProperties) properties, and its comment gives no reason: "
        + "\"Its \(type.storedProperties) properties are …\""
    }
    return documentation[start.upperBound...].count >= reasonMin ? nil : "gives hardly a reason"
  }

  @Test func `no type stores more than eight properties without a reason`() {
    for file in Repository.sources {
      for type in file.swift.types {
        let documentation = Self.documentation(above: type.firstLine, in: file.lines)
        let fault = Self.fault(type, documentation)
        #expect(fault == nil, "\(file.path):\(type.firstLine): \(type.name) \(fault ?? "")")
      }
    }
  }

  @Test func `stored properties are told from all else in a type`() {
    let source = """
      /// Many.
      @safe
      public final class Many: Sendable {
        let a = 1, b = 2
        public private(set) var c: [Int: (String, Bool)] = [:]
        @available(*, deprecated) weak var d: Many?
        lazy var e = { 1 }()
        var f: Int { a }
        var g: Int {
          get { let x = 1; return x }
        }
        var h: Int = 0 {
          didSet { i = h }
        }
        var i: Int {
          didSet {}
        }
        var j:
          [Int]
        var k:
          [Int]
        {
          []
        }
        var l: (Int) -> Bool
        static let m = 1
        class var n: Int { 1 }
        class func o() { let p = 1 }
        struct Few { var q: Int }
        struct Long:
          Sendable
        {
          let r: Int
          let (s, t): (Int, Int)
          enum Case { case let }
        }
        func u() {
          struct Local {
            var v: Int
          }
          var w = 1
        }
        var x: Int
      }
      """
    let found = SwiftText(source).types.map { "\($0.name) \($0.firstLine) \($0.storedProperties)" }
    #expect(found == ["Many 3 9", "Few 29 0", "Long 30 3", "Local 38 1"])
  }

  @Test(arguments: [
    (8, "A type.", true), (9, "A type.", false),
    (9, "A type. Its 9 properties are the keys of a rule, which the file has in a row.", true),
    (10, "A type. Its 9 properties are the keys of a rule, which the file has in a row.", false),
    (8, "A type. Its 9 properties are the keys of a rule, which the file has in a row.", false),
    (9, "A type. Its 9 properties are many.", false),
  ])
  func `a reason has the number right`(count: Int, documentation: String, isRight: Bool) {
    let type = SwiftText.TypeDeclaration(name: "T", firstLine: 1, storedProperties: count)
    #expect((Self.fault(type, documentation) == nil) == isRight)
  }

  @Test func `documentation is read over attributes and lines`() {
    let lines = "struct A {\n  /// One\n  /// two.\n  @safe\n  struct B {\n".split(separator: "\n")
    #expect(Self.documentation(above: 5, in: lines) == "One two.")
    #expect(Self.documentation(above: 1, in: lines) == "")
  }
}
