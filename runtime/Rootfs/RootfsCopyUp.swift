internal import LinuxKernel

extension RootfsAssembly {
  /// A tmpfs that starts with what the image has at its place (`tmpcopyup`): it is filled before anybody can see it.
  func mountCopy(_ mount: PlannedMount) throws(RootfsError) {
    let place = try openOrMakeTarget(mount)
    let copy = try blaming("\(mount.culprit).options", "tmpfs on \(mount.destination)") { () throws(SyscallError) in
      try fileSystem(mount)
    }
    try blaming(mount.culprit, "tmpcopyup: \(mount.destination)") { () throws(SyscallError) in
      // Through the path and not `place`, which is good for nothing but naming.
      let source = try root.open(mount.destination, [.readOnly, .directory])
      try TreeCopy.copyContents(of: source, to: copy)
      try describe(copy, as: source, mount.options)
    }
    try prepare(copy, mount)
    try blaming(mount.culprit, mount.destination) { () throws(SyscallError) in try copy.attachMount(to: place) }
  }

  /// The image's owner and permissions, unless the options say others.
  private func describe(
    _ copy: borrowing FileDescriptor, as source: borrowing FileDescriptor, _ options: MountOptions
  ) throws(SyscallError) {
    let status = try source.status()
    // By name: a mount that is attached nowhere is not open for calls on the file itself.
    let own = try copy.status()
    let owner = options.hasData("uid") ? own.owner : status.owner
    try copy.setOwner(at: ".", owner, options.hasData("gid") ? own.group : status.group)
    if !options.hasData("mode") { try copy.setMode(at: ".", status.permissions) }
  }

  private func fileSystem(_ mount: PlannedMount) throws(SyscallError) -> FileDescriptor {
    let context = try FileSystemContext("tmpfs")
    try context.set(mount.options)
    return try context.mount()
  }
}

extension MountOptions {
  /// Whether the file system is told `name=…`.
  fileprivate func hasData(_ name: String) -> Bool { data.split(separator: ",").contains { $0.hasPrefix("\(name)=") } }
}
