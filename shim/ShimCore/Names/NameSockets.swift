internal import LinuxKernel
internal import ShimProtocol

/// Where questions about names arrive in a container's network namespace.
struct NameSockets: ~Copyable {
  private let datagrams: FileDescriptor
  private let listener: FileDescriptor

  /// A socket belongs to the namespace that its maker is in; the shim is back in its own before anything else happens.
  /// - Parameter pid: a process in the namespace.
  static func made(in pid: Int32) throws(SyscallError) -> NameSockets {
    let own = try FileDescriptor.open("/proc/self/ns/net")
    try FileDescriptor.open("/proc/\(pid)/ns/net").joinNamespaces(.network)
    do throws(SyscallError) {
      let sockets = try NameSockets()
      try own.joinNamespaces(.network)
      return sockets
    } catch {
      try own.joinNamespaces(.network)
      throw error
    }
  }

  private init() throws(SyscallError) {
    guard let address = IPAddress(NamePorts.address) else { throw SyscallError("bind", errno: .invalid) }
    let datagrams = try InternetSocket.bound(.datagram, to: InternetEndpoint(address, 0))
    let listener = try InternetSocket.bound(.stream, to: InternetEndpoint(address, 0))
    try listener.listen(backlog: 16)
    self.datagrams = datagrams
    self.listener = listener
  }

  func ports() throws(SyscallError) -> NamePorts {
    NamePorts(udp: try datagrams.boundEndpoint().port, tcp: try listener.boundEndpoint().port)
  }

  consuming func watched(by loop: EventLoop) -> (datagrams: WatchedDescriptor, listener: WatchedDescriptor) {
    (WatchedDescriptor(datagrams, loop), WatchedDescriptor(listener, loop))
  }
}
