internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

extension RootfsAssembly.Console {
  /// Hands the master to whoever listens on the console socket, and makes the other end this process's terminal.
  func use(size: ConsoleSize?, sendingMasterTo socket: borrowing MessageSocket?) throws(RuntimeError) {
    try explaining("process.terminal") { () throws(SyscallError) in
      if let size { try master.setTerminalSize(columns: UInt16(clamping: size.width), rows: UInt16(clamping: size.height)) }
      if socket != nil { try socket?.send("/dev/ptmx", with: master) }
      for number in Int32(0)...2 { try terminal.install(as: number) }
      try terminal.becomeControllingTerminal()
    }
  }
}
