internal import LinuxKernel
internal import OCIRuntimeSpec

/// Puts a root file system together, in the container's own mount namespace.
///
/// In this order: `attach`, `populate`, (hooks and the console,) `restrict`, `enter`.
package struct RootfsAssembly: ~Copyable {
  package let root: RootDirectory
  let plan: RootfsPlan
  /// The root that the process starts from.
  let oldRoot: FileDescriptor

  /// Takes the mounts out of the host's sight and puts the container's root among them.
  package static func attach(_ plan: RootfsPlan, source: MountSource?) throws(RootfsError) -> RootfsAssembly {
    let propagation = plan.propagation.map { $0.flagsWhileAssembled } ?? [.slave, .recursive]
    try blaming("linux.rootfsPropagation") { () throws(SyscallError) in
      try Mounts.mount(nil, on: "/", flags: propagation.union(.recursive))
    }
    let tree = try blaming("root.path", plan.rootPath) { () throws(SyscallError) in
      if let source { return try source.tree.duplicate() }
      return try FileDescriptor.cloneMount(plan.rootPath, recursive: true)
    }
    let oldRoot = try blaming("root.path") { () throws(SyscallError) in
      try FileDescriptor.open("/", [.pathOnly, .directory])
    }
    try blaming("root.path", plan.rootPath) { () throws(SyscallError) in
      // What is attached to a shared mount would appear on the host as well.
      // Nor can the kernel pivot to a shared one.
      if !propagation.isDisjoint(with: .shared) {
        try Mounts.mount(nil, on: "/", flags: .private)
        try tree.setMount([], propagation: .private)
      }
    }
    try attach(tree, plan, oldRoot, isShared: !propagation.isDisjoint(with: .shared))
    try blaming("root.path", plan.rootPath) { () throws(SyscallError) in try tree.enter() }
    return RootfsAssembly(root: RootDirectory(owning: tree), plan: plan, oldRoot: oldRoot)
  }

  /// Over the host's root, where no path leads to it; or at its own path, so that hooks can mount below that (config.md
  /// §CreateContainer Hooks).
  private static func attach(
    _ tree: borrowing FileDescriptor, _ plan: RootfsPlan, _ oldRoot: borrowing FileDescriptor, isShared: Bool
  ) throws(RootfsError) {
    do throws(SyscallError) {
      guard plan.isAttachedInPlace else { return try tree.attachMount(to: oldRoot) }
      let place = try FileDescriptor.open(plan.rootPath, [.pathOnly, .directory])
      if isShared { try place.mountRoot().setMount([], propagation: .private) }
      return try tree.attachMount(to: place)
    } catch {
      // Where the root of a user namespace may not look, its hooks may not either.
      guard error.errno == .accessDenied, plan.hasUserNamespace else {
        throw RootfsError("root.path", "\(plan.rootPath): \(error)")
      }
    }
    try blaming("root.path", plan.rootPath) { () throws(SyscallError) in try tree.attachMount(to: oldRoot) }
  }

  /// All mounts, devices and links.
  package func populate() throws(RootfsError) {
    for mount in plan.mounts { try perform(mount) }
    if let devices = plan.devices { try make(devices) }
    // Where hooks start.
    try blaming("root.path") { () throws(SyscallError) in try root.descriptor.enter() }
  }

  /// Masked and read-only paths, and what was mounted writable only to be filled.
  package func restrict() throws(RootfsError) {
    for mount in plan.mounts where mount.isMadeReadOnlyLater { try makeReadOnly(mount) }
    for (index, path) in plan.readonlyPaths.enumerated() { try protect(path, "linux.readonlyPaths[\(index)]") }
    var masks = Masks()
    for (index, path) in plan.maskedPaths.enumerated() { try mask(path, "linux.maskedPaths[\(index)]", &masks) }
    guard plan.isReadOnly else { return }
    try blaming("root.readonly") { () throws(SyscallError) in try root.descriptor.setMount(.readOnly) }
  }

  /// Makes the container's root the root of this process and lets go of the host's.
  package func enter() throws(RootfsError) {
    try blaming("root.path", plan.rootPath) { () throws(SyscallError) in
      try root.descriptor.enter()
      if plan.noPivot {
        if plan.isAttachedInPlace { try root.descriptor.attachMount(to: oldRoot) }
        return try WorkingDirectory.becomeRoot()
      }
      try Mounts.pivotToWorkingDirectory()
      try oldRoot.enter()
      // Without this the host's mounts would be unmounted with the copies, if the root was asked to be shared.
      try Mounts.mount(nil, on: ".", flags: [.slave, .recursive])
      try Mounts.detach(".")
      try root.descriptor.enter()
      if let propagation = plan.propagation { try Mounts.mount(nil, on: "/", flags: propagation.mountFlags) }
    }
  }

  private func makeReadOnly(_ mount: PlannedMount) throws(RootfsError) {
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      try root.open(mount.destination).setMount(
        .readOnly, recursive: mount.options.recursiveSet.contains(.readOnly))
    }
  }
}

extension RootfsAssembly {
  /// Makes the working directory of the process if the image does not have it.
  package func makeWorkingDirectory(_ path: String) throws(RootfsError) {
    _ = try blaming("process.cwd", path) { () throws(SyscallError) in try root.openOrMakeDirectory(path) }
  }
}
