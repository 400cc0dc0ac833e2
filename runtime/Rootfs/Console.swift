package import LinuxKernel

extension RootfsAssembly {
  /// A pseudoterminal of the container's own devpts.
  package struct Console: ~Copyable {
    package let master: FileDescriptor
    package let terminal: FileDescriptor
  }

  /// Opens a pseudoterminal and mounts it on `/dev/console`.
  package func openConsole() throws(RootfsError) -> Console {
    let console = try Console.open(in: root)
    let target = try blaming("process.terminal", "/dev/console") { () throws(SyscallError) in
      try root.openOrMakeFile("/dev/console")
    }
    try target.refuseProc("process.terminal", "/dev/console")  // CVE-2025-52565
    try blaming("process.terminal", "/dev/console") { () throws(SyscallError) in
      try console.terminal.cloneMount(recursive: false).attachMount(to: target)
    }
    return console
  }
}

extension RootfsAssembly.Console {
  /// Opens a pseudoterminal of the devpts that `root` holds at `/dev/pts`.
  package static func open(in root: borrowing RootDirectory) throws(RootfsError) -> RootfsAssembly.Console {
    let master = try blaming("process.terminal", "/dev/pts/ptmx") { () throws(SyscallError) in
      try root.open("/dev/pts/ptmx", [.readWrite, .noControllingTerminal, .noFollow])
    }
    let magic = try blaming("process.terminal") { () throws(SyscallError) in try master.fileSystemMagic() }
    guard magic == FileSystemMagic.devpts else {
      throw RootfsError("process.terminal", "the container has no devpts at /dev/pts")
    }
    let terminal = try blaming("process.terminal") { () throws(SyscallError) in try master.openTerminalPeer() }
    return RootfsAssembly.Console(master: master, terminal: terminal)
  }
}
