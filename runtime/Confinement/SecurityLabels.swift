internal import LinuxKernel

/// AppArmor's and SELinux's confinement of the next exec (config.md §Linux Process).
public struct SecurityLabels: Equatable, Sendable {
  /// What is written to `/proc/thread-self/attr/…`, and where.
  struct Label: Equatable {
    var attribute: String
    var text: String
    var path: String
  }

  let labels: [Label]
  /// What the keys get that the process makes before the exec.
  let keyLabel: Label?

  /// - Throws: `unsupported` if a label is asked for that the kernel does not enforce.
  public init(
    apparmorProfile: String?, selinuxLabel: String?
  ) throws(ConfinementError) {
    try self.init(apparmorProfile: apparmorProfile, selinuxLabel: selinuxLabel, kernel: .current())
  }

  /// runc's words.
  private static let noSELinux = "selinux label is specified in config, but selinux is disabled or not supported"

  /// Whether the kernel would know what to do with the label that mounts are to have. Without SELinux there are no labels
  /// that the container could lack: unlike a process without its label it is as confined as others.
  public static func takes(mountLabel: String?) throws(ConfinementError) -> Bool {
    guard let label = mountLabel, !label.isEmpty else { return true }
    // It stands in quotes among the options of a mount.
    guard label.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\"") }) else {
      throw ConfinementError(.invalid("\"\(label)\" is no label"), path: "linux.mountLabel")
    }
    return Kernel.current().hasSELinux
  }

  /// Which modules the kernel has switched on.
  struct Kernel {
    var hasAppArmor = false
    var hasSELinux = false

    static func current() -> Kernel {
      // A file that is not there is the kernel's way to say that the module is not.
      let parameter = try? AtomicFile.read("/sys/module/apparmor/parameters/enabled", limit: 16)
      let isMounted = try? AtomicFile.read("/sys/fs/selinux/enforce", limit: 16)
      return Kernel(hasAppArmor: parameter?.first == UInt8(ascii: "Y"), hasSELinux: isMounted != nil)
    }
  }

  init(apparmorProfile: String?, selinuxLabel: String?, kernel: Kernel) throws(ConfinementError) {
    var labels: [Label] = []
    var keyLabel: Label?
    if let profile = apparmorProfile, !profile.isEmpty {
      let path = "process.apparmorProfile"
      guard kernel.hasAppArmor else {
        throw ConfinementError(.unsupported("apparmor: config provided but apparmor not supported"), path: path)
      }
      labels.append(try Self.label("apparmor/exec", prefix: "exec ", profile, path))
    }
    if let label = selinuxLabel, !label.isEmpty {
      guard kernel.hasSELinux else {
        throw ConfinementError(.unsupported(Self.noSELinux), path: "process.selinuxLabel")
      }
      labels.append(try Self.label("exec", prefix: "", label, "process.selinuxLabel"))
      keyLabel = try Self.label("keycreate", prefix: "", label, "process.selinuxLabel")
    }
    self.labels = labels
    self.keyLabel = keyLabel
  }

  private static func label(
    _ attribute: String, prefix: String, _ text: String, _ path: String
  ) throws(ConfinementError) -> Label {
    guard text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }), text.utf8.count < 4096 else {
      throw ConfinementError(.invalid("\"\(text)\" has a space or a control character, or is too long"), path: path)
    }
    return Label(attribute: attribute, text: prefix + text, path: path)
  }

  /// Makes the next exec of the calling thread enter the labels.
  public func apply() throws(ConfinementError) {
    for label in labels { try blaming(label.path) { () throws(SyscallError) in try label.write() } }
  }

  /// Runs `body`, which makes the container's session keyring, so that the keyring has SELinux's label of the process.
  public func labelingKeys(_ body: () throws(ConfinementError) -> Void) throws(ConfinementError) {
    guard let keyLabel else { return try body() }
    try blaming(keyLabel.path) { () throws(SyscallError) in try keyLabel.write() }
    try body()
    try blaming(keyLabel.path) { () throws(SyscallError) in try keyLabel.clear() }
  }
}

extension SecurityLabels.Label {
  fileprivate func write() throws(SyscallError) { try open().writeAll(Array(text.utf8)) }

  /// Nothing written is the kernel's own choice of a label again.
  fileprivate func clear() throws(SyscallError) { _ = try open().write(UnsafeRawBufferPointer(start: nil, count: 0)) }

  /// `/proc` must be a proc file system, or the write could go to a file that the container made (CVE-2019-16884).
  private func open() throws(SyscallError) -> FileDescriptor {
    let path = "/proc/thread-self/attr/\(attribute)"
    guard try FileSystemKind(ofPath: path) == .proc else {
      throw SyscallError("statfs", "\(path) is not on a proc file system", errno: .invalid)
    }
    return try FileDescriptor.open(path, .writeOnly)
  }
}
