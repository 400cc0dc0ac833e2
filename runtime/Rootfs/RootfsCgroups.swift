internal import LinuxKernel

extension RootfsAssembly {
  /// A mount of type `cgroup`: the one hierarchy of v2, or a tmpfs with a directory for each of v1.
  func mountCgroups(_ mount: PlannedMount) throws(RootfsError) {
    switch plan.cgroups {
    case nil: throw RootfsError(mount.culprit, "this host has no control groups")
    case .unified(let directory, let hasNamespace):
      try mountUnified(mount, directory, hasNamespace: hasNamespace)
    case .separate(let hierarchies, let hasNamespace):
      try mountSeparate(mount, hierarchies, hasNamespace: hasNamespace)
    }
    try propagate(mount)
  }

  private func mountUnified(_ mount: PlannedMount, _ directory: String, hasNamespace: Bool) throws(RootfsError) {
    let target = try openOrMakeTarget(mount)
    do throws(SyscallError) {
      try target.mount("cgroup", type: "cgroup2", flags: mount.options.flags)
    } catch {
      // A user namespace without a cgroup namespace may not mount it, but may see its own part of the host's.
      guard error.errno == .notPermitted || error.errno == .busy else {
        throw RootfsError(mount.culprit, "cgroup2 on \(mount.destination): \(error)")
      }
      try bindCgroup(directory, to: target, mount)
    }
  }

  private func mountSeparate(
    _ mount: PlannedMount, _ hierarchies: [CgroupHierarchy], hasNamespace: Bool
  ) throws(RootfsError) {
    let target = try openOrMakeTarget(mount)
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      let flags = mount.options.flags.subtracting(.readOnly)
      try target.mount("tmpfs", type: "tmpfs", flags: flags, data: "mode=755")
    }
    let top = try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in
      try root.open(mount.destination)
    }
    for hierarchy in hierarchies { try mountHierarchy(hierarchy, in: top, mount, hasNamespace: hasNamespace) }
    guard mount.options.flags.contains(.readOnly) else { return }
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in try top.setMount(.readOnly) }
  }

  private func mountHierarchy(
    _ hierarchy: CgroupHierarchy, in top: borrowing FileDescriptor, _ mount: PlannedMount, hasNamespace: Bool
  ) throws(RootfsError) {
    try blaming(mount.culprit, hierarchy.name) { () throws(SyscallError) in try top.makeDirectory(at: hierarchy.name) }
    // The kernel lets nobody mount cgroup v1 from inside a user namespace that was not there first.
    guard hasNamespace, !plan.hasUserNamespace else { return try bindCgroup(hierarchy, in: top, mount) }
    let target = try blaming(mount.culprit, hierarchy.name) { () throws(SyscallError) in
      try top.open(at: hierarchy.name, [.pathOnly, .noFollow, .directory])
    }
    try blaming(mount.culprit, "cgroup \(hierarchy.name)") { () throws(SyscallError) in
      try target.mount("cgroup", type: "cgroup", flags: mount.options.flags, data: hierarchy.data)
    }
    // Several controllers in one hierarchy are reached by each one's name as well.
    let controllers = hierarchy.name.fields(",")
    guard controllers.count > 1 else { return }
    for controller in controllers {
      try blaming(mount.culprit, String(controller)) { () throws(SyscallError) in
        try top.makeSymbolicLink(at: String(controller), to: hierarchy.name)
      }
    }
  }

  private func bindCgroup(
    _ hierarchy: CgroupHierarchy, in top: borrowing FileDescriptor, _ mount: PlannedMount
  ) throws(RootfsError) {
    try blaming(mount.culprit, hierarchy.directory) { () throws(SyscallError) in
      try cloneCgroup(hierarchy.directory, mount).attachMount(at: hierarchy.name, in: top)
    }
  }

  private func bindCgroup(
    _ directory: String, to target: borrowing FileDescriptor, _ mount: PlannedMount
  ) throws(RootfsError) {
    try blaming(mount.culprit, directory) { () throws(SyscallError) in
      try cloneCgroup(directory, mount).attachMount(to: target)
    }
  }

  private func cloneCgroup(_ directory: String, _ mount: PlannedMount) throws(SyscallError) -> FileDescriptor {
    let copy = try oldRoot.cloneMount(at: String(directory.drop { $0 == "/" }))
    try copy.setMount(mount.options.set, clearing: mount.options.clear)
    return copy
  }
}
