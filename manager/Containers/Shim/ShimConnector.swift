public import NIOCore
public import NIOPosix
public import ShimProtocol

/// Reaches shims through the sockets in their bundles.
public struct ShimConnector: ShimConnecting {
  private let group: any EventLoopGroup
  private let threads: NIOThreadPool
  private let launcher: ShimLauncher

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

  public func request(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply {
    try await ShimConnection.open(bundle, on: group).ask(request)
  }

  public func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream {
    let connection = try await ShimConnection.open(bundle, on: group)
    _ = try await connection.ask(.attach(request))
    return SocketStream(connection: connection)
  }
}
