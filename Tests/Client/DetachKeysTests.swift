import Testing

@testable import Client

@Suite struct DetachKeysTests {
  @Test(
    arguments: [
      ("ctrl-p,ctrl-q", [0x10, 0x11]), ("a", [0x61]), ("ctrl-@,x", [0, 0x78]), ("ctrl-[", [27]), ("ctrl-_", [31]),
      ("ctrl-\\", [28]),
    ] as [(String, [UInt8])])
  func areRead(_ text: String, _ bytes: [UInt8]) throws {
    #expect(try DetachKeys(text).bytes == bytes)
  }

  @Test(arguments: ["", "ctrl-", "ctrl-1", "ctrl-P", "ab", "a,,b", "ctrl-aa"])
  func othersAreRefused(_ text: String) {
    #expect(throws: ClientError.self) { try DetachKeys(text) }
  }

  /// What the container gets of pieces that are typed one after another, and whether the last one detaches.
  private func type(_ pieces: [[UInt8]]) -> (output: [UInt8], isDetached: Bool) {
    var matcher = DetachKeyMatcher(.standard)
    var output: [UInt8] = []
    for piece in pieces {
      let (more, isDetached) = matcher.feed(piece)
      output += more
      if isDetached { return (output, true) }
    }
    return (output, false)
  }

  @Test func keysInOneOrTwoPiecesDetach() {
    #expect(type([[1, 0x10, 0x11, 2]]) == ([1], true))
    #expect(type([[1, 0x10], [0x11]]) == ([1], true))
    #expect(type([[0x10], [0x10], [0x11]]) == ([0x10], true))
  }

  @Test func halfOfTheKeysGoesOnToTheContainer() {
    #expect(type([[0x10], [3]]) == ([0x10, 3], false))
    #expect(type([[0x11]]) == ([0x11], false))
    #expect(type([[0x10]]) == ([], false))
  }
}
