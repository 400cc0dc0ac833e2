internal import CLinux
internal import Glibc

/// A unix socket that keeps the bounds of messages (`SOCK_SEQPACKET`), or carries descriptors.
package struct MessageSocket: ~Copyable {
  package let descriptor: FileDescriptor

  package init(owning descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Two sockets that are connected with each other.
  package struct Pair: ~Copyable {
    private var first: MessageSocket?
    private var second: MessageSocket?

    fileprivate init(_ first: consuming MessageSocket, _ second: consuming MessageSocket) {
      self.first = consume first
      self.second = consume second
    }

    /// Gives one socket away, once.
    package mutating func takeFirst() -> MessageSocket { first.take()! }

    /// Gives the other socket away, once.
    package mutating func takeSecond() -> MessageSocket { second.take()! }
  }

  package static func pair() throws(SyscallError) -> Pair {
    var numbers: [Int32] = [-1, -1]
    try check("socketpair") {
      socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &numbers)
    }
    return Pair(
      MessageSocket(owning: FileDescriptor(owning: numbers[0])),
      MessageSocket(owning: FileDescriptor(owning: numbers[1])))
  }

  /// A stream socket connected with the one that listens at `path`, however long the path is.
  package static func connect(to path: String) throws(SyscallError) -> MessageSocket {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let socket = FileDescriptor(owning: try check("socket") { Glibc.socket(AF_UNIX, kind, 0) })
    // An address holds 107 bytes; a path of procfs to the socket always fits.
    let target = try FileDescriptor.open(path, .pathOnly)
    let address = path.utf8.count < 108 ? path : target.procPath
    try check("connect", path) { proa_connect(socket.number, address, address.utf8.count) }
    return MessageSocket(owning: socket)
  }

  /// Sends one message; a peer that has gone is an error, not a signal.
  package func send(_ bytes: [UInt8]) throws(SyscallError) {
    try check("send") { Glibc.send(descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Sends `text` with a descriptor beside it.
  package func send(_ text: String, with passed: borrowing FileDescriptor) throws(SyscallError) {
    let passed = passed.number
    try check("sendmsg") { proa_send_descriptor(descriptor.number, text, text.utf8.count, passed) }
  }

  /// The next message, cut to `limit` bytes; empty when the peer has closed its end.
  package func receive(limit: Int = 4096) throws(SyscallError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = try check("recv") {
      buffer.withUnsafeMutableBytes { recv(descriptor.number, $0.baseAddress, $0.count, 0) }
    }
    return Array(buffer[..<count])
  }

  /// A message and the descriptor that came with it.
  package func receiveDescriptor() throws(SyscallError) -> FileDescriptor? {
    var number = Int32(-1)
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = try check("recvmsg") {
      proa_receive_descriptor(descriptor.number, &buffer, buffer.count, &number)
    }
    return count >= 0 && number >= 0 ? FileDescriptor(owning: number) : nil
  }
}
