internal import LinuxKernel

/// Which of `linux.sysctl` belong to a namespace of the container, as runc has it; all others would change the host.
enum SysctlRules {
  private static let ipc: Set<String> = [
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
    "kernel.shmmni", "kernel.shm_rmid_forced",
  ]

  static func check(_ sysctls: [String: String], in namespaces: NamespaceKinds) throws(RuntimeError) {
    for name in sysctls.keys.sorted() {
      let key = normalized(name)
      let needed: NamespaceKinds
      if ipc.contains(key) || key.hasPrefix("fs.mqueue.") {
        needed = .ipc
      } else if key.hasPrefix("net.") {
        needed = .network
      } else if key == "kernel.domainname" {
        needed = .uts
      } else if key == "kernel.hostname" {
        throw RuntimeError(at: "linux.sysctl[\"\(name)\"]", "the hostname is set by \"hostname\"")
      } else {
        throw RuntimeError(at: "linux.sysctl[\"\(name)\"]", "is not in a namespace of its own")
      }
      guard namespaces.contains(needed) else {
        throw RuntimeError(at: "linux.sysctl[\"\(name)\"]", "not allowed without a namespace of its own")
      }
      // A name with .. in it would lead from one of these to one that changes the host.
      let parts = file(of: name).split(separator: "/", omittingEmptySubsequences: false)
      guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
        throw RuntimeError(at: "linux.sysctl[\"\(name)\"]", "is no name of a sysctl")
      }
    }
  }

  /// The name with dots between its parts; written with slashes, its parts may hold dots (`net/ipv4/conf/eth0.1`).
  private static func normalized(_ name: String) -> String {
    isWrittenWithSlashes(name) ? String(name.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 }) : name
  }

  /// The file below `/proc/sys`.
  static func file(of name: String) -> String {
    isWrittenWithSlashes(name) ? name : String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
  }

  private static func isWrittenWithSlashes(_ name: String) -> Bool {
    name.first { $0 == "." || $0 == "/" } == "/"
  }
}
