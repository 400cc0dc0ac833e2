internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

extension RootfsAssembly.Console {
  /// Hands the master to whoever listens on the console socket, and makes the other end this process's terminal.
  /// - Parameter isControlling: whether also that of its session.
  func use(
    size: ConsoleSize?, sendingMasterTo socket: borrowing MessageSocket?, isControlling: Bool = true
  ) throws(RuntimeError) {
    if let size { try explaining("process.consoleSize") { () throws(SyscallError) in try resize(size) } }
    // Sent outside of a closure: the optimizer of Swift 6.3 fails on a borrowed optional that a closure captures.
    do throws(SyscallError) { try socket?.send("/dev/ptmx", with: master) } catch {
      throw RuntimeError("--console-socket: \(error)")
    }
    try explaining("process.terminal") { () throws(SyscallError) in
      for number in Int32(0)...2 { try terminal.install(as: number) }
      if isControlling { try terminal.becomeControllingTerminal() }
    }
  }

  private func resize(_ size: ConsoleSize) throws(SyscallError) {
    try master.setTerminalSize(columns: UInt16(clamping: size.width), rows: UInt16(clamping: size.height))
  }
}

extension MessageSocket {
  /// The socket on which somebody waits for the master of a terminal.
  static func connect(toConsole path: String?) throws(RuntimeError) -> MessageSocket? {
    guard let path else { return nil }
    return try explaining("--console-socket") { () throws(SyscallError) in try MessageSocket.connect(to: path) }
  }
}

extension ProcessPlan {
  /// A terminal needs somebody who holds its other end.
  func check(consoleSocket: String?, isDetached: Bool) throws(RuntimeError) {
    if process.terminal, isDetached, consoleSocket == nil {
      throw RuntimeError("cannot allocate tty if proa-runtime will detach without setting console socket")
    }
    if consoleSocket != nil, !process.terminal || !isDetached {
      throw RuntimeError("cannot use console socket if proa-runtime will not detach or allocate tty")
    }
  }
}
