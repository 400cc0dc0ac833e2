internal import Confinement
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// Who is notified of a process's calls, `linux.seccomp.listenerPath` (config-linux.md §Seccomp).
struct SeccompAgent {
  private let path: String
  private let metadata: String?
  /// Seconds that it may take to accept a connection and to read.
  private static let patience = 10

  /// `nil` if the filter notifies nobody.
  init?(_ profile: LinuxSeccomp?) {
    guard let profile, profile.isNotifying, let path = profile.listenerPath else { return nil }
    self.path = path
    metadata = profile.listenerMetadata
  }

  /// Hands the agent the listener that the process on the other side of `handshake` sends, over a connection of its own.
  func introduce(
    _ pid: Int32, of state: State, listeningOver handshake: borrowing Handshake
  ) throws(RuntimeError) {
    let listener = try handshake.receiveListener()
    var process = ContainerProcessState()
    process.ociVersion = state.ociVersion
    process.fds = ["seccompFd"]
    process.pid = pid
    process.metadata = metadata
    process.state = state
    do throws(SyscallError) {
      let agent = try MessageSocket.connect(to: path, patience: Self.patience)
      try agent.sendAll(JSONWriter.bytes(process), with: listener)
    } catch {
      let reason =
        error.errno == .wouldBlock ? "\(path): nobody has taken the state for \(Self.patience) s" : "\(error)"
      throw RuntimeError(at: "linux.seccomp.listenerPath", reason)
    }
    try handshake.send(.proceed)
  }
}
