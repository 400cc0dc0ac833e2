import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Terminals by `--console-socket`, and descriptors that are handed on. Needs root.
@Suite(.serialized) struct TerminalTests {
  @Test func theMasterComesThroughTheSocket() throws {
    try Bundle.with {
      var size = ConsoleSize()
      (size.height, size.width) = (33, 77)
      $0.process?.terminal = true
      $0.process?.consoleSize = size
      $0.process?.args = [
        "/bin/sh", "-c", "busybox tty; busybox stty size; echo to-console > /dev/console; read x; echo $x",
      ]
    } _: { bundle in
      let path = "\(bundle.folder)/console.sock"
      let listener = try UnixSocket.listen(at: path)
      let created = try bundle.runtime("create", "--bundle", bundle.folder, "--console-socket", path, bundle.id)
      try #require(created.status == 0, "\(created.errors)")
      try #require(try listener.waitReadable(milliseconds: 10_000))
      let master = try Self.master(from: listener)
      #expect(try bundle.runtime("start", bundle.id).status == 0)
      try master.writeAll(Array("typed\n".utf8))
      let lines = try Self.output(of: master).split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
      #expect(lines.contains("/dev/pts/0") && lines.contains("33 77") && lines.contains("to-console"))
      #expect(lines.last == "typed")
    }
  }

  @Test func withoutASocketThereIsNoTerminal() throws {
    try Bundle.with {
      $0.process?.terminal = true
    } _: { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("console socket"))
      let names = try Directory.names(bundle.folder)
      #expect(!names.contains("state"))
    }
  }

  /// What the runtime hands to a console socket.
  static func master(from listener: borrowing FileDescriptor) throws -> FileDescriptor {
    let connection = MessageSocket(owning: try required(try listener.acceptConnection()))
    return try required(try connection.receiveDescriptor())
  }

  /// `#require` takes no value that cannot be copied.
  private static func required(_ descriptor: consuming FileDescriptor?) throws -> FileDescriptor {
    guard let descriptor else { throw SyscallError("accept", "nothing came", errno: .wouldBlock) }
    return descriptor
  }

  /// Everything until nobody has the other end open.
  static func output(of master: borrowing FileDescriptor) throws -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while try master.waitReadable(milliseconds: 20_000) {
      let count = read(master.number, &buffer, buffer.count)
      if count <= 0 { break }
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
