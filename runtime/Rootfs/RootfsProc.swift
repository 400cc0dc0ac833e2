internal import LinuxKernel

extension RootfsAssembly {
  /// A procfs that shows the processes of the pid namespace that is joined.
  func mountProc(
    _ mount: PlannedMount, of namespace: Int32, source: String, on target: borrowing FileDescriptor
  ) throws(RootfsError) {
    let data = (mount.options.data.isEmpty ? "" : "\(mount.options.data),") + "pidns=/proc/self/fd/\(namespace)"
    do throws(SyscallError) {
      try Mounts.mount(source, on: target.procPath, type: "proc", flags: mount.options.flags, data: data)
    } catch {
      // Before Linux 6.17 there is no such option.
      guard error.errno == .invalid else { throw RootfsError(mount.culprit, "proc on \(mount.destination): \(error)") }
      return try mountForeignProc(mount, of: namespace, source: source, on: target)
    }
    try propagate(mount)
  }

  private func mountForeignProc(
    _ mount: PlannedMount, of namespace: Int32, source: String, on target: borrowing FileDescriptor
  ) throws(RootfsError) {
    let proc = try blaming(mount.culprit, "proc on \(mount.destination)") { () throws(SyscallError) in
      try ForeignProcfs.mount(of: namespace, pivots: !plan.noPivot) { context throws(SyscallError) in
        try context.set("source", source)
        try context.set(mount.options)
      }
    }
    try prepare(proc, mount)
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in try proc.attachMount(to: target) }
  }
}
