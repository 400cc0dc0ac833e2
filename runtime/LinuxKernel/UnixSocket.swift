internal import CLinux
internal import Glibc

/// Unix stream sockets, close-on-exec.
public enum UnixSocket {
  /// Who is at the other end, as of its `connect` or `socketpair`.
  public struct Credentials: Equatable, Sendable {
    public var pid: Int32
    public var uid: UInt32
    public var gid: UInt32
  }

  /// A non-blocking socket that listens at `path` with mode 0600.
  /// - Throws: `EADDRINUSE` if there is anything at `path`, `ENAMETOOLONG` past 107 bytes.
  public static func listen(at path: String, backlog: Int32 = 128) throws(SyscallError) -> FileDescriptor {
    let socket = try make(nonBlocking: true)
    // A mode set before bind is the mode of the name: nobody else can connect in between.
    try check("fchmod", path) { fchmod(socket.number, 0o600) }
    try withAddress(path) { address, length throws(SyscallError) in
      try check("bind", path) { bind(socket.number, address, length) }
    }
    try socket.listen(backlog: backlog)
    return socket
  }

  /// - Throws: `ECONNREFUSED` if nobody listens any more.
  public static func connect(to path: String) throws(SyscallError) -> FileDescriptor {
    let socket = try make(nonBlocking: false)
    try withAddress(path) { address, length throws(SyscallError) in
      try check("connect", path) { Glibc.connect(socket.number, address, length) }
    }
    return socket
  }

  private static func make(nonBlocking: Bool) throws(SyscallError) -> FileDescriptor {
    let flags = PROA_SOCK_STREAM | PROA_SOCK_CLOEXEC | (nonBlocking ? PROA_SOCK_NONBLOCK : 0)
    return FileDescriptor(owning: try check("socket") { socket(AF_UNIX, flags, 0) })
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SyscallError) -> Void
  ) throws(SyscallError) {
    var address = sockaddr_un()
    let length = proa_unix_address(&address, path)
    guard length > 0 else { throw SyscallError("bind", path, errno: .init(rawValue: ENAMETOOLONG)) }
    try withUnsafePointer(to: &address) { pointer throws(SyscallError) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(SyscallError) in
        try body(address, length)
      }
    }
  }
}

extension FileDescriptor {
  /// Takes connections on this bound socket, or changes how many may wait to be accepted.
  public func listen(backlog: Int32) throws(SyscallError) {
    try check("listen") { Glibc.listen(number, backlog) }
  }

  /// The next connection to this listening socket, non-blocking; `nil` if there is none now.
  public func acceptConnection() throws(SyscallError) -> FileDescriptor? {
    let flags = PROA_SOCK_CLOEXEC | PROA_SOCK_NONBLOCK
    do throws(SyscallError) {
      return FileDescriptor(owning: try check("accept4") { proa_accept4(number, flags) })
    } catch {
      // A client that gave up before it was accepted is nobody's problem.
      if error.errno == .wouldBlock || error.errno.rawValue == ECONNABORTED { return nil }
      throw error
    }
  }

  /// Who is at the other end of this connected unix socket.
  public func peerCredentials() throws(SyscallError) -> UnixSocket.Credentials {
    var credentials = ucred()
    try check("getsockopt SO_PEERCRED") { proa_peer_credentials(number, &credentials) }
    return UnixSocket.Credentials(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
  }

  /// Writes to a connected socket without a signal if the peer is gone; says how many bytes went out.
  public func send(_ bytes: UnsafeRawBufferPointer) throws(SyscallError) -> Int {
    try check("send") { Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Ends this side's direction of a connected socket; the peer reads the end of the stream.
  public func shutdownWriting() throws(SyscallError) {
    try check("shutdown") { shutdown(number, Int32(SHUT_WR)) }
  }
}
