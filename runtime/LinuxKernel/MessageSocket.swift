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
      socketpair(AF_UNIX, PROA_SOCK_SEQPACKET | PROA_SOCK_CLOEXEC, 0, &numbers)
    }
    return Pair(
      MessageSocket(owning: FileDescriptor(owning: numbers[0])),
      MessageSocket(owning: FileDescriptor(owning: numbers[1])))
  }

  /// A stream socket connected with the one that listens at `path`, however long the path is.
  /// - Parameter patience: for how many seconds a peer that is busy is waited for, here and when sending; `EAGAIN` then.
  package static func connect(to path: String, patience: Int? = nil) throws(SyscallError) -> MessageSocket {
    let kind = PROA_SOCK_STREAM | PROA_SOCK_CLOEXEC
    let socket = FileDescriptor(owning: try check("socket") { Glibc.socket(AF_UNIX, kind, 0) })
    if let patience {
      try check("setsockopt SO_SNDTIMEO") { proa_set_send_timeout(socket.number, patience) }
    }
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
    try sendAll(Array(text.utf8), with: passed)
  }

  /// Sends all of `bytes`, however many, with a descriptor beside the first of them.
  package func sendAll(_ bytes: [UInt8], with passed: borrowing FileDescriptor) throws(SyscallError) {
    var passed = passed.number
    var sent = try check("sendmsg") { proa_send_descriptors(descriptor.number, bytes, bytes.count, &passed, 1) }
    while sent < bytes.count {
      sent += try check("send") {
        bytes.withUnsafeBytes {
          Glibc.send(descriptor.number, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
        }
      }
    }
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
    var received = try receiveWithDescriptors()
    return received.first.take()
  }

  /// What came, and at most two descriptors beside it.
  package struct Received: ~Copyable {
    package let bytes: [UInt8]
    package var first: FileDescriptor?
    package var second: FileDescriptor?
  }

  /// A message, cut to 4096 bytes, and the descriptors that came with it.
  package func receiveWithDescriptors() throws(SyscallError) -> Received {
    var numbers: [Int32] = [-1, -1, -1, -1]
    var descriptors = 0
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try check("recvmsg") {
      proa_receive_descriptors(descriptor.number, &buffer, buffer.count, &numbers, &descriptors)
    }
    for surplus in numbers[2...] where surplus >= 0 { _ = FileDescriptor(owning: surplus) }
    return Received(
      bytes: Array(buffer[..<count]), first: descriptors > 0 ? FileDescriptor(owning: numbers[0]) : nil,
      second: descriptors > 1 ? FileDescriptor(owning: numbers[1]) : nil)
  }
}
