internal import Glibc

/// A procfs of a pid namespace in which this process is not.
///
/// Before Linux 6.17 the kernel makes one only of the namespace of the process that opens the file system, so one is born in
/// there:
///
/// ```
///       this process              go-between                  opener
///   ┌─ clone ────────────────────▶ │
///   │                              │ an empty root, setns
///   │                              ├─ clone ─────────────────▶ │
///   │                              │ ◀─────── the file system ─│ fsopen
///   │                              │ options, superblock       ▼
///   │ ◀────────── the file system ─│
///   ▼ fsmount                      ▼
/// ```
///
/// A neighbour who may trace can do as he likes with the opener, from its first moment. He finds no file, mount or descriptor
/// of the host there, and no capability but in a user namespace that is the opener's own. What he puts in place of the file
/// system is configured where no path leads anywhere, and dropped if it is no procfs. Only for a process with one thread.
package enum ForeignProcfs {
  /// How long the opener may take, in milliseconds: a neighbour can stop it.
  private static let patience = Int32(10_000)

  /// - Parameters:
  ///   - namespace: the descriptor of the pid namespace.
  ///   - pivots: whether this process has a root that it can let go of, which one on a ramdisk is not.
  ///   - configure: sets the options; runs in the go-between.
  /// - Returns: a mount of it that is attached nowhere yet.
  package static func mount(
    of namespace: Int32, pivots: Bool, configure: (FileSystemContext) throws(SyscallError) -> Void
  ) throws(SyscallError) -> FileDescriptor {
    var pair = try MessageSocket.pair()
    let ours = pair.takeFirst()
    let theirs = pair.takeSecond()
    switch try Cloning.clone() {
    case .child: mediate(theirs, namespace, pivots: pivots, configure)
    case .parent(let pid, let goBetween):
      _ = consume theirs
      return try outcome(of: pid, goBetween, over: ours, within: 2 * patience).mountProcfs()
    }
  }

  /// The go-between. It is no process of the namespace: nobody in there can name it.
  private static func mediate(
    _ socket: consuming MessageSocket, _ namespace: Int32, pivots: Bool,
    _ configure: (FileSystemContext) throws(SyscallError) -> Void
  ) -> Never {
    do throws(SyscallError) {
      try FileDescriptorTable.closeAll(from: 0, except: [namespace, socket.descriptor.number])
      try EmptyRoot.enter(pivots: pivots)
      try FileDescriptor(owning: namespace).joinNamespaces(.pid)
      try giveUpPrivileges()
      let fileSystem = try open()
      try configure(fileSystem)
      try fileSystem.create()
      try socket.send(fileSystem)
    } catch {
      // If not even this can be said, the other side sees the end of the stream.
      try? socket.send(error)
    }
    CurrentProcess.exit(0)
  }

  /// All but CAP_SYS_ADMIN, for good.
  private static func giveUpPrivileges() throws(SyscallError) {
    let administration = UInt64(1) << 21
    try ProcessCapabilities.set(.init(effective: administration, permitted: administration, inheritable: 0))
    try Credentials.setNoNewPrivileges()
    try Processes.forbidInspection()
  }

  private static func open() throws(SyscallError) -> FileSystemContext {
    var pair = try MessageSocket.pair()
    let ours = pair.takeFirst()
    let theirs = pair.takeSecond()
    switch try cloneOpener() {
    case .child: open(for: theirs)
    case .parent(let pid, let opener):
      _ = consume theirs
      return try outcome(of: pid, opener, over: ours, within: patience)
    }
  }

  /// To open a file system takes privileges over nothing but the mount namespace; to make it takes the go-between's.
  private static func cloneOpener() throws(SyscallError) -> Cloning.Side {
    do throws(SyscallError) { return try Cloning.clone([.user, .mount]) } catch {
      // User namespaces may be switched off; and who has but changed his root may not make one.
      return try Cloning.clone()
    }
  }

  private static func open(for socket: consuming MessageSocket) -> Never {
    do throws(SyscallError) {
      try FileDescriptorTable.closeAll(from: 0, except: [socket.descriptor.number])
      try socket.send(FileSystemContext("proc"))
    } catch {
      // As above.
      try? socket.send(error)
    }
    CurrentProcess.exit(0)
  }

  /// What a child hands over. It is gone then.
  private static func outcome(
    of pid: Int32, _ child: borrowing FileDescriptor, over socket: borrowing MessageSocket, within milliseconds: Int32
  ) throws(SyscallError) -> FileSystemContext {
    let fileSystem: FileSystemContext
    do throws(SyscallError) { fileSystem = try socket.receiveProcfs(within: milliseconds) } catch {
      try end(pid, child)
      throw error
    }
    try end(pid, child)
    return fileSystem
  }

  /// Who traces the opener is told of its end before its parent is, and may take his time; then it is left to the reaper of
  /// orphans.
  private static func end(_ pid: Int32, _ child: borrowing FileDescriptor) throws(SyscallError) {
    try child.sendSignal(SIGKILL)
    guard try child.waitReadable(milliseconds: patience) else { return }
    _ = try Processes.reap(pid, block: false)
  }
}
