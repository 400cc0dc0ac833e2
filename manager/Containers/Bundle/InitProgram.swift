internal import LinuxKernel
internal import Synchronization

/// What `--init` puts before a container's program: `proa-runtime`, which is such an init where it is called so.
///
/// Containers are shown a copy of it, never the host's own file (CVE-2019-5736), read-only. Who may change mounts could make
/// it writable, and is given a copy that nobody else runs.
final class InitProgram: Sendable {
  /// Where a container finds it; Docker's place.
  static let target = "/sbin/docker-init"

  private let source: String
  private let sharedCopy: String
  private let hasCopied = Mutex(false)

  /// - Parameter source: the executable.
  init(source: String, dataRoot: String) {
    self.source = source
    sharedCopy = "\(dataRoot)/proa-init"
  }

  /// The copy for containers that cannot change mounts, made anew by every daemon. Blocks.
  func shared() throws -> String {
    try hasCopied.withLock { hasCopied throws(SyscallError) in
      if !hasCopied { try copy(to: sharedCopy) }
      hasCopied = true
    }
    return sharedCopy
  }

  /// A copy in the folder of one container, and gone with that. Blocks.
  func own(in folder: String) throws -> String {
    let path = "\(folder)/init"
    try copy(to: path)
    return path
  }

  private func copy(to path: String) throws(SyscallError) {
    try AtomicFile.write(AtomicFile.read(source), to: path, mode: 0o755, durability: .visible)
  }
}

extension HostConfiguration {
  /// Whether a container gets an init before its program; nobody needs a second one in a process tree that has one.
  /// - Parameter byDefault: where the request does not say.
  func usesInit(byDefault: Bool) -> Bool { pidMode == .isolated && (initProcess ?? byDefault) }
}
