import Testing

@testable import ContainerRuntime

@Suite struct ContainerIDTests {
  @Test(arguments: ["a", "A-1_b.c+d", "..a", ","]) func accepted(_ text: String) throws {
    #expect(try ContainerID(text).description == text)
  }

  @Test(arguments: ["", ".", "..", "a/b", "a b", "ü", "a\0", String(repeating: "a", count: 256)])
  func refused(_ text: String) {
    #expect(throws: RuntimeError("invalid container ID format")) { try ContainerID(text) }
  }
}
