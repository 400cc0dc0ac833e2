public import NIOCore
public import NIOPosix
public import ShimProtocol

/// Reaches shims through the sockets in their bundles.
public struct ShimConnector: ShimConnecting {
  private let group: any EventLoopGroup
  private let threads: NIOThreadPool
  private let launcher: ShimLauncher
  private let attached = AttachedConnections()

  /// - Parameter executable: absolute path of `proa-shim`.
  /// - Parameter threads: for what blocks.
  public init(executable: String, group: any EventLoopGroup, threads: NIOThreadPool) {
    launcher = ShimLauncher(executable: executable)
    self.group = group
    self.threads = threads
  }

  public func launch(_ bundle: BundleLayout) async throws {
    let launcher = launcher
    try await threads.runIfActive { try launcher.launch(bundle) }
  }

  public func connect(to bundle: BundleLayout) async throws -> any ShimSession {
    try await ShimConnection.open(bundle, among: attached, on: group)
  }
}
