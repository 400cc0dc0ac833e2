internal import Glibc
internal import LinuxKernel

/// What hides the paths of one container.
struct Masks {
  /// A class, since closures hold no descriptors.
  final class Null {
    let descriptor: FileDescriptor
    init(owning descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
  }

  /// The null device, once a file was hidden.
  var null: Null?
  /// A directory that is hidden already.
  var hiddenDirectory: String?
}

extension RootfsAssembly {
  /// Hides what is at `path`: a file behind the null device, a directory behind an empty read-only tmpfs, the same for all.
  /// Nothing there is fine.
  func mask(_ path: String, _ culprit: String, _ masks: inout Masks) throws(RootfsError) {
    guard let target = try existing(path, culprit) else { return }
    let isDirectory = try blaming(culprit, path) { () throws(SyscallError) in try target.status().kind == .directory }
    if isDirectory { return try hide(target, path, culprit, &masks) }
    let null = if let known = masks.null { known } else { try openNull(culprit) }
    masks.null = null
    try blaming(culprit, path) { () throws(SyscallError) in
      try null.descriptor.cloneMount(recursive: false).attachMount(to: target)
    }
  }

  private func hide(
    _ target: borrowing FileDescriptor, _ path: String, _ culprit: String, _ masks: inout Masks
  ) throws(RootfsError) {
    let hidden = masks.hiddenDirectory
    try blaming(culprit, path) { () throws(SyscallError) in
      if let hidden {
        try root.open(hidden).cloneMount(recursive: false).attachMount(to: target)
      } else {
        try target.mount("tmpfs", type: "tmpfs", flags: .readOnly)
      }
    }
    masks.hiddenDirectory = hidden ?? path
  }

  /// The container's own null device. The host's would do as well to hide a file, but through the mask a process could
  /// change its mode and owner for the whole machine. A link in its place could have anything else mounted (CVE-2025-31133).
  private func openNull(_ culprit: String) throws(RootfsError) -> Masks.Null {
    let null = try blaming(culprit, "the container's /dev/null") { () throws(SyscallError) in
      try root.openWithoutLinks("/dev/null")
    }
    let status = try blaming(culprit, "/dev/null") { () throws(SyscallError) in try null.status() }
    guard status.kind == .characterDevice, status.deviceNumbers == (1, 3) else {
      throw RootfsError(culprit, "the container's /dev/null is not the null device")
    }
    return Masks.Null(owning: null)
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
