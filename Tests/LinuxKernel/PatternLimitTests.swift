import Testing

@testable import LinuxKernel

struct PatternLimitTests {
  /// `(((a+)+)+)`
  private static func nested(_ repetition: String, _ depth: Int) -> String {
    String(repeating: "(", count: depth) + "a" + String(repeating: repetition + ")", count: depth)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [nested("+", 10), "(((a{10}){10}){10}){4}", nested("*", 200)])
  func `what is not refused is compiled at once`(text: String) throws {
    for _ in 0..<5 {
      #expect(try Pattern(text).matches("aaa" + String(repeating: "b", count: 200)) == !text.contains("{"))
    }
  }

  @Test(arguments: [
    "(a)\\1", "a{1001}", "((a{50}){50}){50}", "(a{9,11}){500}", String(repeating: "a", count: 1001),
    "a{99999999999999999999}", "a{1000}{1000}", nested("+", 13), nested("{2}", 13), nested("{1,}", 13),
    "[(]" + nested("+", 13),
    "(x[)]" + nested("+", 13) + ")",
    "[[:alpha:])]" + nested("+", 13), "a" + String(repeating: "+", count: 20), "\\)" + nested("+", 13),
  ])
  func `what could take all memory or time is refused`(text: String) {
    #expect(throws: PatternError.self) { try Pattern(text) }
  }

  @Test(.timeLimit(.minutes(1)))
  func `nested repeats are matched in one pass`() throws {
    let pattern = try Pattern("((a+)+)+c")
    #expect(!pattern.matches(String(repeating: "a", count: 20_000) + "b"))
    #expect(pattern.matches("aac"))
  }

  @Test(arguments: [("^/web[0-9]{1,3}$", "/web12", true), ("a\\{2}", "a{2}", true), ("x|y", "z", false)])
  func `ordinary ones match`(text: String, subject: String, isMatch: Bool) throws {
    #expect(try Pattern(text).matches(subject) == isMatch)
  }
}
