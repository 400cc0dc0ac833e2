internal import Glibc
internal import LinuxKernel

extension PlannedDevice {
  fileprivate var kind: FileStatus.Kind {
    switch mode & S_IFMT {
    case S_IFBLK: .blockDevice
    case S_IFIFO: .fifo
    default: .characterDevice
    }
  }
}

extension RootfsAssembly {
  /// Device nodes and the customary links in `/dev`.
  func make(_ devices: [PlannedDevice]) throws(RootfsError) {
    let folder = try blaming("linux.devices", "/dev") { () throws(SyscallError) in
      try root.openOrMakeDirectory("/dev")
    }
    for device in devices {
      if device.path.parts.count == 2, device.path.parts[0] == "dev" {
        try make(device, in: folder)
      } else {
        let parent = try blaming(device.culprit, device.path.text) { () throws(SyscallError) in
          try root.openOrMakeDirectory(device.path.parent.text)
        }
        try make(device, in: parent)
      }
    }
    try makeLinks(in: folder)
  }

  private func make(_ device: PlannedDevice, in folder: borrowing FileDescriptor) throws(RootfsError) {
    guard let name = device.path.last else { return }
    if plan.hasUserNamespace, device.mode & S_IFMT != S_IFIFO {
      if device.isAsked { try check(device, named: name, in: folder, mayBeFile: true) }
      return try bindHostDevice(device)
    }
    do throws(SyscallError) {
      try folder.makeNode(at: name, mode: device.mode, major: device.major, minor: device.minor)
      if device.uid != 0 || device.gid != 0 { try folder.setOwner(at: name, user: device.uid, group: device.gid) }
    } catch {
      if error.errno == .exists {
        return device.isAsked ? try check(device, named: name, in: folder, mayBeFile: false) : ()
      }
      guard error.errno == .notPermitted else { throw RootfsError(device.culprit, "\(device.path.text): \(error)") }
      try bindHostDevice(device)
    }
  }

  /// What is at the place of a device must be this device (config-linux.md §Devices).
  /// - Parameter mayBeFile: or a file on which it is going to be mounted.
  private func check(
    _ device: PlannedDevice, named name: String, in folder: borrowing FileDescriptor, mayBeFile: Bool
  ) throws(RootfsError) {
    let status = try blaming(device.culprit, device.path.text) { () throws(SyscallError) in try folder.status(at: name)
    }
    guard let status, !(mayBeFile && status.kind == .regular) else { return }
    guard status.kind == device.kind, status.kind == .fifo || status.deviceNumbers == (device.major, device.minor)
    else {
      throw RootfsError("\(device.culprit).path", "something else is at \(device.path.text) already")
    }
  }

  /// Where no device can be made, the host's node of the same path is mounted.
  private func bindHostDevice(_ device: PlannedDevice) throws(RootfsError) {
    let path = device.path.text
    let host = try blaming(device.culprit, "the host's \(path)") { () throws(SyscallError) in
      try oldRoot.open(at: String(path.dropFirst()), .pathOnly)
    }
    let status = try blaming(device.culprit, path) { () throws(SyscallError) in try host.status() }
    guard status.deviceNumbers == (device.major, device.minor),
      status.kind == device.kind
    else { throw RootfsError(device.culprit, "the host's \(path) is another device, and none can be made") }
    try blaming(device.culprit, path) { () throws(SyscallError) in
      let target = try root.openOrMakeFile(path)
      try host.cloneMount(recursive: false).attachMount(to: target)
    }
  }

  private func makeLinks(in folder: borrowing FileDescriptor) throws(RootfsError) {
    var links = [
      ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
      ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
    ]
    if access("/proc/kcore", F_OK) == 0 { links.append(("core", "/proc/kcore")) }
    for (name, target) in links {
      do throws(SyscallError) { try folder.makeSymbolicLink(at: name, to: target) } catch {
        guard error.errno == .exists else { throw RootfsError("linux.devices", "/dev/\(name): \(error)") }
        try replacePtmx(name, in: folder)
      }
    }
  }

  /// The image's `/dev/ptmx` would open the host's terminals.
  private func replacePtmx(_ name: String, in folder: borrowing FileDescriptor) throws(RootfsError) {
    guard name == "ptmx" else { return }
    try blaming("linux.devices", "/dev/ptmx") { () throws(SyscallError) in
      try folder.remove(at: name)
      try folder.makeSymbolicLink(at: name, to: "pts/ptmx")
    }
  }
}
