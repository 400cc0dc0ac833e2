import NIOCore
import Testing

@testable import Containers

@Suite struct DetachKeysTests {
  private func filter(_ pieces: [[UInt8]], keys: String = "") throws -> (passed: [UInt8], detached: Bool) {
    var detach = try DetachKeys(keys)
    var passed: [UInt8] = []
    for piece in pieces {
      let result = detach.filter(ByteBuffer(bytes: piece))
      passed += result.passed.readableBytesView
      if result.detached { return (passed, true) }
    }
    return (passed, false)
  }

  @Test(
    arguments: [
      ([[97, 16, 17, 98]], [97], true), ([[16], [17]], [], true), ([[16, 97]], [16, 97], false),
      ([[16, 16, 17]], [16], true), ([[17, 16]], [17], false),
    ] as [([[UInt8]], [UInt8], Bool)])
  func standard(pieces: [[UInt8]], passed: [UInt8], detached: Bool) throws {
    let result = try filter(pieces)
    #expect(result.passed == passed)
    #expect(result.detached == detached)
  }

  @Test func ownKeys() throws {
    #expect(try filter([[1, 98]], keys: "ctrl-a,b").detached)
    #expect(try filter([[120]], keys: "x").detached)
  }

  @Test(arguments: ["ctrl-", "ctrl-1", "ctrl-p,", "ab"])
  func refuses(text: String) { #expect(throws: ContainerError.self) { try DetachKeys(text) } }
}
