internal import Glibc
internal import LinuxKernel

extension RootfsAssembly {
  /// Hides what is at `path`: a file behind the null device, a directory behind an empty read-only tmpfs. Nothing there is fine.
  func mask(_ path: String, _ culprit: String) throws(RootfsError) {
    guard let target = try existing(path, culprit) else { return }
    do throws(SyscallError) { try Mounts.mount(null.procPath, on: target.procPath, flags: .bind) } catch {
      guard error.errno == .notDirectory else { throw RootfsError(culprit, "\(path): \(error)") }
      try blaming(culprit, path) { () throws(SyscallError) in
        try Mounts.mount("tmpfs", on: target.procPath, type: "tmpfs", flags: .readOnly)
      }
    }
  }

  /// Mounts what is at `path` over itself, read-only. Nothing there is fine.
  func protect(_ path: String, _ culprit: String) throws(RootfsError) {
    guard let target = try existing(path, culprit) else { return }
    try blaming(culprit, path) { () throws(SyscallError) in
      let copy = try target.cloneMount(recursive: true)
      try copy.setMount(.readOnly)
      try copy.attachMount(to: target)
    }
  }

  private func existing(_ path: String, _ culprit: String) throws(RootfsError) -> FileDescriptor? {
    do { return try root.open(path) } catch {
      if error.errno == .noEntry || error.errno == .notDirectory { return nil }
      throw RootfsError(culprit, "\(path): \(error)")
    }
  }
}
