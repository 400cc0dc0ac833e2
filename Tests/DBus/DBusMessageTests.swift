import Testing

@testable import DBus

@Suite("Messages of D-Bus")
struct DBusMessageTests {
  static let everything: [DBusValue] = [
    .byte(7), .boolean(true), .int16(-2), .uint16(65535), .int32(-5), .uint32(5), .int64(.min), .uint64(.max),
    .double(0.5), .string("grüße"), .objectPath("/a/b"), .signature("a(sv)"),
    .array(of: "(sv)", [.structure([.string("x"), .variant(.array(of: "u", [.uint32(1), .uint32(2)]))])]),
    .array(of: "t", []), .array(of: "{sv}", [.entry(key: .string("k"), value: .variant(.byte(1)))]),
  ]

  private func message() -> DBusMessage {
    var message = DBusMessage(.call, serial: 9)
    (message.path, message.interface, message.member) = ("/org/example", "org.example.One", "Do")
    (message.destination, message.replySerial, message.sender) = ("org.example", 4, ":1.1")
    return message
  }

  @Test func everyTypeComesBack() throws {
    let bytes = message().bytes(Self.everything)
    #expect(try DBusMessage.size(beginning: bytes[...]) == bytes.count)
    let read = try DBusMessage(bytes)
    #expect(try read.values() == Self.everything)
    #expect(read.path == "/org/example" && read.member == "Do" && read.replySerial == 4 && read.serial == 9)
    #expect(read.bytes(Self.everything) == bytes)
  }

  /// Counted by hand: the layout is the specification's, not only our reader's.
  @Test func theBytesAreTheSpecifications() throws {
    var hello = DBusMessage(.call, serial: 1)
    (hello.path, hello.member) = ("/a", "Hi")
    let expected: [UInt8] = [
      0x6c, 1, 0, 1, 9, 0, 0, 0, 1, 0, 0, 0, 0x28, 0, 0, 0,
      1, 1, 0x6f, 0, 2, 0, 0, 0, 0x2f, 0x61, 0, 0, 0, 0, 0, 0,
      3, 1, 0x73, 0, 2, 0, 0, 0, 0x48, 0x69, 0, 0, 0, 0, 0, 0,
      8, 1, 0x67, 0, 2, 0x73, 0x79, 0,
    ]
    let bytes = hello.bytes([.string("abc"), .byte(5)])
    #expect(Array(bytes.prefix(expected.count)) == expected)
    #expect(Array(bytes.suffix(9)) == [3, 0, 0, 0, 0x61, 0x62, 0x63, 0, 5])
  }

  @Test func everyTruncationAndEveryChangedByteIsAnErrorOrAMessage() throws {
    let bytes = message().bytes(Self.everything)
    for count in bytes.indices {
      #expect(throws: DBusError.self) { try DBusMessage(Array(bytes[..<count])) }
    }
    for index in bytes.indices {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = value
        // Either is right; that it comes back is the claim.
        _ = try? DBusMessage(changed).values()
      }
    }
  }

  @Test(arguments: ["", "a", "(", "()", "(s", "a{s}", "a{sss}", "z", String(repeating: "a", count: 300) + "s"])
  func signaturesThatAreNone(signature: String) {
    #expect(throws: DBusError.self) {
      var rest = signature[...].utf8
      _ = try DBusSignature.takeType(&rest)
    }
  }

  @Test func variantsWithinVariantsHaveAnEnd() {
    let deep = (0..<100).reduce(DBusValue.byte(1)) { value, _ in .variant(value) }
    #expect(throws: DBusError.self) { try DBusMessage(message().bytes([deep])).values() }
  }

  @Test func aMessageThatIsTooLongIsRefusedBeforeItIsRead() {
    var prefix = Array(message().bytes([])[..<16])
    prefix.replaceSubrange(4..<8, with: [0, 0, 0, 0x7f])
    #expect(throws: DBusError.self) { try DBusMessage.size(beginning: prefix[...]) }
  }
}
