import Glibc
import LinuxKernel
import Testing

@testable import DBus

/// A peer that has said everything before it is asked.
private func talking(
  to answers: [UInt8], _ body: (inout DBusConnection) throws -> Void
) throws {
  var template = Array("/tmp/proa-dbus-XXXXXX".utf8CString)
  let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
  defer { #expect(throws: Never.self) { try Directory.removeTree(folder) } }
  let listener = try UnixSocket.listen(at: "\(folder)/socket")
  try withTalker(listener, answers, "\(folder)/socket", body)
}

private func withTalker(
  _ listener: borrowing FileDescriptor, _ answers: [UInt8], _ path: String,
  _ body: (inout DBusConnection) throws -> Void
) throws {
  let number = listener.number
  let thread = Talker(number, answers)
  defer { thread.join() }
  var connection = try DBusConnection.open(path, withinMilliseconds: 5_000) { $0.member == "Wanted" }
  try body(&connection)
}

/// Accepts one connection in a thread of its own, writes, and closes when the other side has.
private final class Talker {
  private var thread = pthread_t()

  init(_ listener: Int32, _ answers: [UInt8]) {
    let box = Unmanaged.passRetained(Box(listener, answers)).toOpaque()
    pthread_create(&thread, nil, { Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().run() }, box)
  }

  func join() { pthread_join(thread, nil) }

  private final class Box {
    let (listener, answers): (Int32, [UInt8])
    init(_ listener: Int32, _ answers: [UInt8]) { (self.listener, self.answers) = (listener, answers) }

    func run() -> UnsafeMutableRawPointer? {
      var request = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, 5_000) == 1 else { return nil }
      let connection = accept(listener, nil, nil)
      _ = answers.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      shutdown(connection, Int32(SHUT_WR))
      var byte = UInt8(0)
      while read(connection, &byte, 1) > 0 {}
      close(connection)
      return nil
    }
  }
}

@Suite("A conversation over D-Bus", .serialized)
struct DBusConnectionTests {
  private let welcome = Array("DATA\r\nOK 0123456789abcdef0123456789abcdef\r\n".utf8)

  private func signal(_ member: String, _ text: String) -> [UInt8] {
    var signal = DBusMessage(.signal, serial: 3)
    (signal.path, signal.interface, signal.member) = ("/", "org.example", member)
    return signal.bytes([.string(text)])
  }

  private func reply(_ kind: DBusMessage.Kind, to serial: UInt32, _ text: String) -> [UInt8] {
    var reply = DBusMessage(kind, serial: 4)
    reply.replySerial = serial
    if kind == .error { reply.errorName = "org.example.No" }
    return reply.bytes([.string(text)])
  }

  private func call(_ connection: inout DBusConnection) throws -> [DBusValue] {
    try connection.call("Do", of: "org.example", at: "/", on: nil, [])
  }

  @Test func anAnswerIsFoundAmongOtherMessages() throws {
    let answers =
      welcome + signal("Other", "a") + signal("Wanted", "b") + reply(.reply, to: 77, "c") + reply(.reply, to: 1, "d")
    try talking(to: answers) { connection in
      let answer = try call(&connection)
      #expect(answer == [.string("d")])
      let signal = try connection.nextSignal().values()
      #expect(signal == [.string("b")])
    }
  }

  @Test func anErrorHasItsNameAndItsWords() throws {
    try talking(to: welcome + reply(.error, to: 1, "no such thing")) { connection in
      do {
        _ = try call(&connection)
        Issue.record("no error")
      } catch DBusError.refused(let name, let message) {
        #expect(name == "org.example.No" && message == "no such thing")
      }
    }
  }

  @Test(arguments: ["", "REJECTED EXTERNAL\r\n", "DATA\r\nREJECTED\r\n", String(repeating: "x", count: 5000)])
  func whoIsNotLetInIsTold(answer: String) throws {
    #expect(throws: DBusError.self) { try talking(to: Array(answer.utf8)) { _ in } }
  }

  @Test func theEndOfTheConversationIsAnError() throws {
    try talking(to: welcome) { connection in
      #expect(throws: DBusError.self) { try call(&connection) }
    }
  }

  @Test func nobodyThereIsAnError() {
    #expect(throws: DBusError.self) { try DBusConnection.open("/nowhere/socket").peer() }
  }
}
