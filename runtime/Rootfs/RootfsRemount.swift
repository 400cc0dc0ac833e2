internal import LinuxKernel

extension PlannedMount {
  /// Whether the file system itself is to change, and not only how this mount shows it.
  fileprivate var changesFileSystem: Bool { !options.isBind && !(options.data.isEmpty && options.superblock.isEmpty) }

  /// Checks what `remount` is asked of, given the entries before it.
  func prepareRemount(of earlier: inout [PlannedMount]) throws(RootfsError) {
    guard !options.isIDMapped else {
      throw RootfsError("\(culprit).options", "a mount that is there already cannot be id-mapped")
    }
    let place = RootPath(destination)
    let index = earlier.lastIndex { !$0.options.isRemount && RootPath($0.destination) == place }
    if changesFileSystem {
      // Any other is the host's, for everybody who uses it.
      guard let index, case .fileSystem = earlier[index].kind else {
        throw RootfsError("\(culprit).options", "remount: \(destination) is no file system that this container mounts")
      }
    }
    // What is made read-only when all is mounted must not undo this.
    if let index, options.cleared.contains(.readOnly) { earlier[index].options.flags.subtract(.readOnly) }
  }

  /// What is cleared; the kernel takes the field of access times only as a whole.
  fileprivate var clearedAttributes: MountAttributes {
    let cleared = options.clear.union(options.cleared)
    return cleared.isDisjoint(with: .accessTimeField) ? cleared : cleared.union(.accessTimeField)
  }
}

extension RootfsAssembly {
  /// Changes a mount as `remount` asks: what is named is set or cleared, all else stays.
  func remount(_ mount: PlannedMount) throws(RootfsError) {
    let isLoosened = !mount.options.cleared.isEmpty || !mount.options.recursiveClear.isEmpty
    let place = try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      // A link could lead to another mount, which must not become writable.
      try isLoosened ? root.openWithoutLinks(mount.destination) : root.open(mount.destination)
    }
    try checkTarget(place, of: mount)
    do throws(SyscallError) {
      if mount.changesFileSystem {
        let context = try FileSystemContext(of: place, named: mount.destination)
        for option in mount.options.superblock { try context.set(option) }
        try context.set(data: mount.options.data)
        try context.reconfigure()
      }
      let (set, cleared) = (mount.options.set, mount.clearedAttributes)
      if !set.isEmpty || !cleared.isEmpty { try place.setMount(set, clearing: cleared) }
    } catch {
      let reason =
        error.errno == .invalid ? "nothing is mounted there, or it does not take them (\(error))" : "\(error)"
      throw RootfsError("\(mount.culprit).options", "remount of \(mount.destination): \(reason)")
    }
    try propagate(mount)
  }
}

extension FileSystemContext {
  /// Sets what a new file system is asked for; the mount's own attributes are not among that.
  func set(_ options: MountOptions) throws(SyscallError) {
    try set(data: options.data)
    for (flag, name) in [
      (Mounts.Flags.synchronous, "sync"), (.synchronousDirectories, "dirsync"), (.lazyTime, "lazytime"),
    ] where options.flags.contains(flag) {
      try set(name)
    }
  }

  /// Sets all of a mount's options that only the file system understands.
  func set(data: String) throws(SyscallError) {
    for option in data.split(separator: ",") {
      let parts = option.split(separator: "=", maxSplits: 1)
      if parts.count == 2 {
        try set(String(parts[0]), String(parts[1]))
      } else {
        try set(String(option))
      }
    }
  }
}
