import Testing

/// The tidy rules are only as good as what reads the source for them.
@Suite struct SwiftTextTests {
  @Test(arguments: [
    ("let a = 1 // try!", "let a = 1"),
    ("/* a /* b */ try! */ let c = 2", "let c = 2"),
    (#"let s = "try! \(name) try!" + t"#, "let s = \(#"name"#) + t"),
    (##"let s = #"try! \(x) "# + t"##, "let s = + t"),
    (#"f("a\"try!b", g("\(h("try!"))"))"#, "f( , g( (h( )) ))"),
    ("let r = /[^\"]/\ntry", "let r = /[^ try"),
    ("let s = \"\"\"\n  try! \"x\"\n  \"\"\"\nlet t = 1", "let s = let t = 1"),
  ])
  func `comments and literals are blanked, code and lines stay`(source: String, code: String) {
    let text = SwiftText(source).code
    #expect(!text.contains("try!"))
    #expect(text.count(where: \.isNewline) == source.count(where: \.isNewline))
    let words = text.split(whereSeparator: { $0.isWhitespace || "()".contains($0) })
    #expect(words == code.split(whereSeparator: { $0.isWhitespace || "()".contains($0) }))
  }

  @Test func `an interpolation is code again`() {
    #expect(SwiftText(#"let s = "a \(try! f("b")) c""#).code.contains("try! f("))
  }

  @Test func `a function is as long as from its first line to its closing brace`() {
    let source = """
      protocol P {
        func asked()
        func alsoAsked(
          of it: Int
        ) -> Int
      }
      struct S: P {
        func asked() { print("}") }
        init(a: Int) {
          self.init(b: a)
          let f = { (x: Int) in
            x
          }
        }
        func alsoAsked(
          of it: Int = g({ 1 })
        ) -> Int {
          it  // }
        }
      }
      """
    let found = SwiftText(source).functions.map { [$0.firstLine, $0.lastLine] }
    #expect(found == [[8, 8], [9, 14], [15, 19]])
  }
}
