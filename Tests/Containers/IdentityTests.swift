import Testing

@testable import Containers

@Suite struct IdentityTests {
  @Test func randomIdentifiersAreValidAndNotNumbers() {
    for _ in 0..<50 {
      let id = ContainerID.random()
      #expect(ContainerID(id.text) == id)
      #expect(Int(id.short) == nil)
    }
  }

  @Test(arguments: ["", "abc", String(repeating: "A", count: 64), String(repeating: "g", count: 64)])
  func refusesIdentifiers(text: String) { #expect(ContainerID(text) == nil) }

  @Test(arguments: [("web", "web"), ("/web", "web"), ("a.b-c_1", "a.b-c_1")])
  func acceptsNames(text: String, name: String) throws { #expect(try ContainerName(text).text == name) }

  @Test(arguments: ["", "a", "/", "-a", "a b", "ä1", "a/b", "../a"])
  func refusesNames(text: String) {
    let bare = text.hasPrefix("/") ? String(text.dropFirst()) : text
    #expect(
      throws: ContainerError.invalid(
        "Invalid container name (\(bare)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    ) { try ContainerName(text) }
  }

  @Test func generatedNamesAreValid() throws {
    var generator = SystemRandomNumberGenerator()
    for attempt in 0..<5 {
      let name = NameGenerator.name(attempt: attempt, using: &generator)
      #expect(try ContainerName(name.text) == name)
      #expect(name.text.contains("_"))
    }
  }

  @Test(
    arguments: [
      ("9", 9), ("KILL", 9), ("sigterm", 15), ("SIGRTMIN+3", 37), ("RTMAX-1", 63), ("RTMIN", 34), ("SIGUSR1", 10),
    ] as [(String, Int32)])
  func readsSignals(text: String, number: Int32) throws { #expect(try Signal(text).number == number) }

  @Test(arguments: ["", "0", "65", "SIGFOO", "-9", "RTMIN+31"])
  func refusesSignals(text: String) {
    #expect(throws: ContainerError.invalid("Invalid signal: \(text)")) { try Signal(text) }
  }
}
