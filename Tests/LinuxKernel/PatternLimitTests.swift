import Testing

@testable import LinuxKernel

struct PatternLimitTests {
  @Test(arguments: [
    "(a)\\1", "a{1001}", "((a{50}){50}){50}", "(a{9,11}){100}", String(repeating: "a", count: 1001),
    "a{99999999999999999999}{1000}{2}",
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
