internal import JSON
internal import LinuxKernel
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
    let replied = group.any().makePromise(of: ShimReply.self)
    let channel: any Channel
    do {
      channel = try await connect(bundle) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Self.addHandlers(to: channel, replied)
          return channel
        }
      }
    } catch {
      replied.fail(error)
      throw error
    }
    defer { channel.close(promise: nil) }
    return try await withTaskCancellationHandler {
      try await channel.writeAndFlush(Self.frame(request, channel.allocator))
      return try await replied.futureResult.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  public func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream {
    let replied = group.any().makePromise(of: ShimReply.self)
    let stream: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
      stream = try await connect(bundle) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Self.addHandlers(to: channel, replied)
          return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    } catch {
      replied.fail(error)
      throw error
    }
    do {
      try await stream.channel.writeAndFlush(Self.frame(.attach(request), stream.channel.allocator))
      _ = try await replied.futureResult.get()
      return SocketStream(stream: stream)
    } catch {
      // The stream must be run once to be let go of; that the shim has closed it already is no news.
      try? await stream.executeThenClose { _, _ in }
      throw error
    }
  }
}

extension ShimConnector {
  private static func addHandlers(to channel: any Channel, _ replied: EventLoopPromise<ShimReply>) throws {
    try channel.pipeline.syncOperations.addHandlers([
      ByteToMessageHandler(FrameCutter(), maximumBufferSize: Frame.Kind.reply.limit + Frame.headerSize),
      ReplyHandler(replied),
    ])
  }

  private static func frame(_ request: ShimRequest, _ allocator: ByteBufferAllocator) -> ByteBuffer {
    let payload = JSONWriter.bytes(request)
    var buffer = allocator.buffer(capacity: Frame.headerSize + payload.count)
    buffer.writeBytes(Frame.header(.request, length: payload.count))
    buffer.writeBytes(payload)
    return buffer
  }

  /// Through `/proc/self/fd`, since a socket's address holds no more than 107 bytes.
  private func connect<Output: Sendable>(
    _ bundle: BundleLayout, _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
  ) async throws -> Output {
    do {
      let folder = try FileDescriptor.open(bundle.path, [.pathOnly, .directory])
      let path = "/proc/self/fd/\(folder.number)/\(BundleLayout.socketName)"
      let result = try await ClientBootstrap(group: group)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(unixDomainSocketPath: path, channelInitializer: initialize)
      // Keeps the descriptor until the kernel has resolved the path.
      _ = consume folder
      return result
    } catch let error as SyscallError {
      throw ShimUnreachable("\(error)")
    } catch let error as IOError {
      throw ShimUnreachable("\(error)")
    }
  }
}
