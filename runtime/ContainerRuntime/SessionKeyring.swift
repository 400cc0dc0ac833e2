internal import Confinement
internal import LinuxKernel

/// The session keyring of a container, which its init makes and who is executed in it joins: not the caller's, with his keys.
struct SessionKeyring {
  /// Of the container.
  let id: String
  /// SELinux has one for the keyring.
  let labels: SecurityLabels

  func make() throws(RuntimeError) {
    try entering { () throws(SyscallError) in try Processes.admitRoot(to: Processes.joinSessionKeyring(name)) }
  }

  func join() throws(RuntimeError) {
    try entering { () throws(SyscallError) in _ = try Processes.joinSessionKeyring(name) }
  }

  private var name: String { "_ses.\(id)" }

  private func entering(_ body: () throws(SyscallError) -> Void) throws(RuntimeError) {
    try explaining { () throws(ConfinementError) in
      try labels.labelingKeys { () throws(ConfinementError) in
        do throws(SyscallError) { try body() } catch {
          // A kernel without keyrings.
          guard error.errno == .notImplemented else { throw ConfinementError(.kernel(error)) }
        }
      }
    }
  }
}
