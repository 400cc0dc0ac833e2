import Testing

@testable import LinuxKernel

struct NetlinkReplyTests {
  private static func message(_ type: UInt16, flags: UInt16 = 0, sequence: UInt32 = 5, _ payload: [UInt8])
    -> NetlinkMessage
  {
    NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: payload[...])
  }

  private static let request: [UInt8] = [16, 0, 0, 0, 16, 0, 5, 0, 5, 0, 0, 0, 0, 0, 0, 0]
  /// NLMSGERR_ATTR_MSG "bad".
  private static let remark: [UInt8] = [8, 0, 1, 0, 0x62, 0x61, 0x64, 0]

  @Test func `data is collected until the acknowledgement`() throws {
    var reply = NetlinkReply(sequence: 5)
    try reply.add([Self.message(16, [1])]) { "" }
    #expect(!reply.isComplete)
    try reply.add([Self.message(2, [0, 0, 0, 0] + Self.request)]) { "" }
    #expect(reply.isComplete && reply.messages.count == 1)
  }

  @Test func `answers to earlier questions are skipped`() throws {
    var reply = NetlinkReply(sequence: 5)
    try reply.add([Self.message(2, sequence: 4, [0xFF, 0xFF, 0xFF, 0xFF])]) { "" }
    #expect(!reply.isComplete && reply.messages.isEmpty)
  }

  @Test func `a refusal carries the kernel's words`() {
    let refusal: [UInt8] = [0xEA, 0xFF, 0xFF, 0xFF] + Self.request
    let long: [UInt8] = [20, 0, 0, 0] + Self.request.dropFirst(4) + [1, 2, 3, 4]
    let cases: [(NetlinkMessage, String?)] = [
      (Self.message(2, refusal), nil),
      (Self.message(2, flags: 0x300, refusal + Self.remark), "bad"),
      (Self.message(2, flags: 0x200, [0xEA, 0xFF, 0xFF, 0xFF] + long + Self.remark), "bad"),
      (Self.message(3, flags: 0x202, [0xEA, 0xFF, 0xFF, 0xFF] + Self.remark), "bad"),
      (Self.message(2, flags: 0x300, refusal + Self.remark.dropLast(3)), nil),
    ]
    for (message, words) in cases {
      #expect(throws: NetlinkError.refused(operation: "test", errno: .invalid, message: words)) {
        var reply = NetlinkReply(sequence: 5)
        try reply.add([message]) { "test" }
      }
    }
  }

  @Test(arguments: [[], [0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0x80]] as [[UInt8]])
  func `an acknowledgement without a sensible code is refused`(payload: [UInt8]) {
    #expect(throws: NetlinkError.self) {
      var reply = NetlinkReply(sequence: 5)
      try reply.add([Self.message(2, payload)]) { "" }
    }
  }

  @Test func `nothing may follow the end`() {
    #expect(throws: NetlinkError.self) {
      var reply = NetlinkReply(sequence: 5)
      try reply.add([Self.message(3, [0, 0, 0, 0]), Self.message(16, [])]) { "" }
    }
  }
}
