internal import CLinux
internal import Glibc

/// A netlink socket for one question at a time.
///
/// A socket belongs for good to the network namespace that its maker's thread was in; see ``open(_:in:)``.
package struct NetlinkSocket: ~Copyable {
  package enum Family: Int32, Sendable {
    case route = 0
    case netfilter = 12
  }

  private let descriptor: FileDescriptor
  private var sequence: UInt32 = 0

  private init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// A socket in the present network namespace.
  package static func open(_ family: Family) throws(NetlinkError) -> NetlinkSocket {
    do throws(SyscallError) {
      let descriptor = FileDescriptor(owning: try check("socket") { proa_netlink_socket(family.rawValue) })
      // Text with refusals, without a copy of the request; and filters of a dump are checked instead of ignored (Linux 4.20).
      for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] {
        try check("setsockopt", "netlink") { proa_netlink_set(descriptor.number, option, 1) }
      }
      try limitWait(descriptor.number)
      return NetlinkSocket(descriptor)
    } catch { throw .socket(error) }
  }

  /// A socket in the network namespace that `namespace` holds (`/proc/<pid>/ns/net`).
  ///
  /// Made on a thread of its own that joins the namespace and ends: no thread that anybody else may run on is ever in a
  /// namespace where it does not belong, not even after an error. From then on the socket may be used from anywhere.
  package static func open(
    _ family: Family, in namespace: borrowing FileDescriptor
  ) throws(NetlinkError) -> NetlinkSocket {
    let number = namespace.number
    let made: Result<Int32, NetlinkError>
    do {
      made = try NetworkNamespace.onThread(in: number) {
        opened(family)
      }
    } catch { throw .socket(error) }
    return NetlinkSocket(FileDescriptor(owning: try made.get()))
  }

  /// A socket in the network namespace that `namespace` holds, by way of a visit. Only for a process with one thread.
  package static func open(
    _ family: Family, visiting namespace: borrowing FileDescriptor
  ) throws(NetlinkError) -> NetlinkSocket {
    let made: Result<Int32, NetlinkError>
    do throws(SyscallError) {
      let home = try FileDescriptor.open("/proc/self/ns/net")
      try namespace.joinNamespaces(.network)
      made = opened(family)
      try home.joinNamespaces(.network)
    } catch { throw .socket(error) }
    return NetlinkSocket(FileDescriptor(owning: try made.get()))
  }

  private static func opened(_ family: Family) -> Result<Int32, NetlinkError> {
    do throws(NetlinkError) { return .success(try open(family).release()) } catch { return .failure(error) }
  }

  /// The kernel answers while it handles the request; a limit makes a lost answer an error instead of a hang.
  private static func limitWait(_ socket: Int32) throws(SyscallError) {
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    try check("setsockopt", "SO_RCVTIMEO") {
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  private consuming func release() -> Int32 { descriptor.release() }
}

extension NetlinkSocket {
  /// Sends `message` and waits for the kernel's yes.
  /// - Parameter operation: what is being done, for the error.
  package mutating func request(_ message: NetlinkWriter, _ operation: @autoclosure () -> String) throws(NetlinkError) {
    let reply = try exchange(message, adding: [.request, .acknowledge], operation)
    guard reply.isEmpty else { throw .malformed("an answer to \(operation()), which has none") }
  }

  /// Sends `message` and gives what the kernel says before its yes: one message, none or many.
  package mutating func query(
    _ message: NetlinkWriter, _ operation: @autoclosure () -> String
  ) throws(NetlinkError) -> [NetlinkMessage] {
    try exchange(message, adding: [.request, .acknowledge], operation)
  }

  /// Lists all there is of what `message` asks for.
  package mutating func dump(
    _ message: NetlinkWriter, _ operation: @autoclosure () -> String
  ) throws(NetlinkError) -> [NetlinkMessage] {
    // The list changed while it was read: the kernel says so (NLM_F_DUMP_INTR) and the reader asks again.
    for _ in 0..<16 {
      let messages = try exchange(message, adding: [.request, .dump], operation)
      if !messages.contains(where: { $0.flags & 0x10 != 0 }) { return messages }
    }
    throw .refused(operation: operation(), errno: .busy, message: "the list kept changing while it was read")
  }

  private mutating func exchange(
    _ message: NetlinkWriter, adding flags: NetlinkWriter.Flags, _ operation: () -> String
  ) throws(NetlinkError) -> [NetlinkMessage] {
    sequence &+= 1
    var message = message
    message.setSequence(sequence)
    message.flags.formUnion(flags)
    try send(message.bytes)
    var collector = NetlinkReply(sequence: sequence)
    while !collector.isComplete {
      try collector.add(try NetlinkMessage.parse(try receive()), operation)
    }
    return collector.messages
  }

  private func send(_ bytes: [UInt8]) throws(NetlinkError) {
    do throws(SyscallError) {
      try check("sendto", "netlink") {
        bytes.withUnsafeBytes { proa_netlink_send(descriptor.number, $0.baseAddress, UInt($0.count)) }
      }
    } catch { throw .socket(error) }
  }

  /// A datagram of the kernel's; what any other process sends is skipped.
  private func receive() throws(NetlinkError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      var sender: UInt32 = 0
      let count: Int
      do throws(SyscallError) {
        count = try check("recvfrom", "netlink") {
          buffer.withUnsafeMutableBytes {
            proa_netlink_receive(descriptor.number, $0.baseAddress, UInt($0.count), &sender)
          }
        }
      } catch { throw .socket(error) }
      if sender != 0 { continue }
      guard count <= buffer.count else { throw .malformed("a datagram of \(count) bytes") }
      return Array(buffer[..<count])
    }
  }
}
