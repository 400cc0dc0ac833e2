internal import Glibc
package import LinuxKernel

extension PlannedMount {
  /// A tmpfs holds what later entries mount into it, so it starts out writable.
  var isMadeReadOnlyLater: Bool {
    guard case .fileSystem("tmpfs", _) = kind else { return false }
    return options.flags.contains(.readOnly) || options.recursiveSet.contains(.readOnly)
  }

  /// The copy of a bind mount's source with its attributes, attached nowhere yet.
  package func openSource() throws(RootfsError) -> FileDescriptor? {
    guard case .bind(let source) = kind else { return nil }
    let tree = try blaming(culprit, source) { () throws(SyscallError) in
      try FileDescriptor.cloneMount(source, recursive: options.isRecursiveBind)
    }
    try mapIDs(of: tree)
    return tree
  }
}

extension RootfsAssembly {
  func perform(_ mount: PlannedMount) throws(RootfsError) {
    switch mount.kind {
    case .bind: try bind(mount)
    case .cgroup: try mountCgroups(mount)
    case .remount: try remount(mount)
    case .fileSystem where mount.options.isCopiedUp: try mountCopy(mount)
    case .fileSystem(let type, let source): try mountFileSystem(mount, type: type, source: source)
    }
  }

  private func bind(_ mount: PlannedMount) throws(RootfsError) {
    if let opened = mount.openedSource { return try attach(opened.tree, mount) }
    guard let tree = try mount.openSource() else { return }
    try attach(tree, mount)
  }

  private func attach(_ tree: borrowing FileDescriptor, _ mount: PlannedMount) throws(RootfsError) {
    try prepare(tree, mount)
    let isDirectory = try blaming(mount.culprit) { () throws(SyscallError) in
      try tree.status().kind == .directory
    }
    let target = try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      try isDirectory ? root.openOrMakeDirectory(mount.destination) : root.openOrMakeFile(mount.destination)
    }
    try checkSource(tree, of: mount)
    try checkTarget(target, of: mount)
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in try tree.attachMount(to: target) }
  }

  /// Attributes and propagation of a mount that is attached nowhere yet, before anybody can see it.
  func prepare(_ tree: borrowing FileDescriptor, _ mount: PlannedMount) throws(RootfsError) {
    let options = mount.options
    let later: MountAttributes = mount.isMadeReadOnlyLater ? .readOnly : []
    let set = options.set.subtracting(later)
    let recursiveSet = options.recursiveSet.subtracting(later)
    do throws(SyscallError) {
      if !set.isEmpty || !options.clear.isEmpty {
        try tree.setMount(set, clearing: options.clear)
      }
      if !recursiveSet.isEmpty || !options.recursiveClear.isEmpty {
        try tree.setMount(recursiveSet, clearing: options.recursiveClear, recursive: true)
      }
      for propagation in options.propagation {
        try tree.setMount(
          [], propagation: propagation.subtracting(.recursive), recursive: propagation.contains(.recursive))
      }
    } catch {
      throw RootfsError("\(mount.culprit).options", "\(error)")
    }
  }

  private func mountFileSystem(_ mount: PlannedMount, type: String, source: String) throws(RootfsError) {
    var data = mount.options.data
    if type == "tmpfs", !data.fields(",").contains(where: { $0.hasPrefix("mode=") }), let mode = try existingMode(mount)
    {
      data += (data.isEmpty ? "mode=" : ",mode=") + String(mode, radix: 8)
    }
    // As runc: procfs and sysfs have labels of their own, and mqueue takes none as an option.
    if !plan.mountLabel.isEmpty, !["proc", "sysfs", "mqueue"].contains(type) {
      data += (data.isEmpty ? "" : ",") + "context=\"\(plan.mountLabel)\""
    }
    let target = try openTarget(mount, type: type)
    if type == "proc", let number = plan.pidNamespace {
      return try mountProc(mount, of: number, source: source, on: target)
    }
    let flags = mount.isMadeReadOnlyLater ? mount.options.flags.subtracting(.readOnly) : mount.options.flags
    try blaming(mount.culprit, "\(type) on \(mount.destination)") { () throws(SyscallError) in
      let data = data.isEmpty ? nil : data
      if Self.typesWithoutSource.contains(type) {
        try target.mount(source, type: type, flags: flags, data: data)
      } else {
        try Mounts.mount(source, on: target.procPath, type: type, flags: flags, data: data)
      }
    }
    if type == "mqueue", !plan.mountLabel.isEmpty { try label(mount) }
    try propagate(mount)
  }

  private static let typesWithoutSource = ["devpts", "mqueue", "proc", "sysfs", "tmpfs"]

  private func label(_ mount: PlannedMount) throws(RootfsError) {
    try blaming("linux.mountLabel", mount.destination) { () throws(SyscallError) in
      let label = plan.mountLabel
      try root.open(mount.destination, [.readOnly, .directory]).setAttribute("security.selinux", to: Array(label.utf8))
    }
  }

  /// A tmpfs over a directory of the image keeps its permissions: think of /tmp.
  private func existingMode(_ mount: PlannedMount) throws(RootfsError) -> UInt32? {
    do { return try root.open(mount.destination).status().permissions } catch {
      if error.errno == .noEntry { return nil }
      throw RootfsError(mount.culprit, "\(mount.destination): \(error)")
    }
  }

  private func openTarget(_ mount: PlannedMount, type: String) throws(RootfsError) -> FileDescriptor {
    guard type == "proc" || type == "sysfs" else { return try openOrMakeTarget(mount) }
    // An image that makes /proc a link could have the runtime write into a procfs of its own making (CVE-2019-19921).
    return try blaming(mount.culprit, "\(type) needs an ordinary directory at \(mount.destination)") {
      () throws(SyscallError) in
      do throws(SyscallError) { return try root.openWithoutLinks(mount.destination) } catch {
        guard error.errno == .noEntry else { throw error }
      }
      _ = try root.openOrMakeDirectory(mount.destination)
      return try root.openWithoutLinks(mount.destination)
    }
  }

  /// The directory that `mount` goes on.
  func openOrMakeTarget(_ mount: PlannedMount) throws(RootfsError) -> FileDescriptor {
    let target = try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      try root.openOrMakeDirectory(mount.destination)
    }
    try checkTarget(target, of: mount)
    return target
  }

  /// A mount must not land in procfs by way of a link, except where its destination plainly says so.
  func checkTarget(_ target: borrowing FileDescriptor, of mount: PlannedMount) throws(RootfsError) {
    guard RootPath(mount.destination).parts.first != "proc" else { return }
    try target.refuseProc("\(mount.culprit).destination", mount.destination)
  }

  private func checkSource(_ tree: borrowing FileDescriptor, of mount: PlannedMount) throws(RootfsError) {
    guard RootPath(mount.destination).parts == ["proc"] else { return }
    let magic = try blaming(mount.culprit) { () throws(SyscallError) in try tree.fileSystemMagic() }
    guard magic == FileSystemMagic.proc else {
      throw RootfsError(mount.culprit, "only procfs may be mounted on /proc")
    }
  }

  /// Recursive attributes and propagation of a file system that is there already.
  func propagate(_ mount: PlannedMount) throws(RootfsError) {
    let options = mount.options
    let set = options.recursiveSet.subtracting(mount.isMadeReadOnlyLater ? .readOnly : [])
    guard !options.propagation.isEmpty || !set.isEmpty || !options.recursiveClear.isEmpty else { return }
    try blaming("\(mount.culprit).options") { () throws(SyscallError) in
      let mounted = try root.open(mount.destination)
      if !set.isEmpty || !options.recursiveClear.isEmpty {
        try mounted.setMount(set, clearing: options.recursiveClear, recursive: true)
      }
      for propagation in mount.options.propagation { try Mounts.mount(nil, on: mounted.procPath, flags: propagation) }
    }
  }
}

extension FileDescriptor {
  /// What a link has led into procfs is not what `path` says (CVE-2025-52881).
  func refuseProc(_ culprit: String, _ path: String) throws(RootfsError) {
    let magic = try blaming(culprit, path) { () throws(SyscallError) in try fileSystemMagic() }
    if magic == FileSystemMagic.proc { throw RootfsError(culprit, "\"\(path)\" leads into /proc") }
  }
}
