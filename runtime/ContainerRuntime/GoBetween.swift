internal import Glibc
internal import LinuxKernel

/// A process that enters namespaces, starts a child of this process there, and ends.
///
/// What is born inside has never seen more than what is inside: no root and no descriptor of the host that a neighbour
/// who may trace could look through (CVE-2016-9962).
struct GoBetween: ~Copyable {
  private let process: StartedProcess

  /// Which of the two processes that stay the call has returned in.
  enum Side: ~Copyable {
    case born
    case waiting(GoBetween)
  }

  /// - Parameters:
  ///   - handshake: the child's end, over which the pid is told.
  ///   - kinds: the namespaces that are new.
  ///   - prepare: runs while others may look into the process still.
  ///   - enter: joins the others.
  static func start(
    telling handshake: borrowing Handshake, _ kinds: NamespaceKinds = [],
    prepare: () throws(RuntimeError) -> Void = {}, enter: () throws(RuntimeError) -> Void
  ) throws(RuntimeError) -> Side {
    let clone = try explaining { () throws(SyscallError) in try Cloning.clone() }
    switch consume clone {
    case .parent(let pid, let pidfd): return .waiting(GoBetween(process: StartedProcess(pid: pid, descriptor: pidfd)))
    case .child: break
    }
    do throws(RuntimeError) {
      try prepare()
      try explaining { () throws(SyscallError) in try Processes.forbidInspection() }
      try enter()
      let side = try explaining("linux.namespaces") { () throws(SyscallError) in
        try Cloning.clone(kinds, asSibling: true)
      }
      guard case .parent(let pid, _) = consume side else { return .born }
      try handshake.send(.cloned(pid: pid))
      CurrentProcess.exit(0)
    } catch {
      // If not even this can be said, the runtime sees the end of the stream.
      try? handshake.send(.failed(error.description))
      CurrentProcess.exit(1)
    }
  }

  /// Lets the go-between go on when `body` has mapped the ids of the user namespace that it has made.
  func mapIDs(over handshake: borrowing Handshake, _ body: (Int32) throws(RuntimeError) -> Void) throws(RuntimeError) {
    do throws(RuntimeError) {
      guard try handshake.receive(from: process) == .mapIDs else {
        throw RuntimeError("an unexpected message from the go-between")
      }
      try body(process.pid)
      try handshake.send(.proceed)
    } catch {
      throw undoing(error) { () throws(RuntimeError) in try process.kill() }
    }
  }

  /// The process that was started inside.
  consuming func introduced(over handshake: borrowing Handshake) throws(RuntimeError) -> StartedProcess {
    let message: HandshakeMessage
    do throws(RuntimeError) { message = try handshake.receive(from: process) } catch {
      throw undoing(error) { () throws(RuntimeError) in try process.kill() }
    }
    guard case .cloned(let pid) = message else { throw RuntimeError("an unexpected message from the go-between") }
    return try explaining { () throws(SyscallError) in
      _ = try Processes.reap(process.pid)
      return StartedProcess(pid: pid, descriptor: try Processes.descriptor(of: pid))
    }
  }
}
