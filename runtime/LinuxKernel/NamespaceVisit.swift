/// A stay in another process's namespaces, and the way back: to the namespaces, the root and the working directory
/// that this process had before.
package struct NamespaceVisit: ~Copyable {
  /// A namespace to go back to. A class, since arrays hold no descriptors.
  private final class Home {
    let kind: NamespaceKinds
    let namespace: FileDescriptor

    init(_ kind: NamespaceKinds, _ name: String) throws(SyscallError) {
      self.kind = kind
      self.namespace = try FileDescriptor.open("/proc/self/ns/\(name)")
    }
  }

  /// Those that can be left again; a user namespace cannot.
  package static let possible: NamespaceKinds = [.mount, .cgroup, .uts, .ipc, .network]

  private let homes: [Home]
  private let root: FileDescriptor
  private let workingDirectory: FileDescriptor

  /// Joins those of `kinds` that can be left again.
  /// - Parameter process: a pidfd.
  package init(_ kinds: NamespaceKinds, of process: borrowing FileDescriptor) throws(SyscallError) {
    var homes: [Home] = []
    for (kind, name) in [
      (NamespaceKinds.mount, "mnt"), (.cgroup, "cgroup"), (.uts, "uts"), (.ipc, "ipc"), (.network, "net"),
    ] where kinds.contains(kind) {
      homes.append(try Home(kind, name))
    }
    let root = try FileDescriptor.open("/", [.pathOnly, .directory])
    let workingDirectory = try FileDescriptor.open(".", [.pathOnly, .directory])
    try process.joinNamespaces(kinds.intersection(Self.possible))
    self.homes = homes
    self.root = root
    self.workingDirectory = workingDirectory
  }

  /// Ends the stay.
  package consuming func end() throws(SyscallError) {
    for home in homes { try home.namespace.joinNamespaces(home.kind) }
    // Joining a mount namespace puts a process at its root, wherever it was before.
    try root.enter()
    try WorkingDirectory.becomeRoot()
    try workingDirectory.enter()
  }
}
