internal import LinuxKernel
internal import NIOCore
internal import NIOPosix

/// Says when something is written in a folder: inotify, through the event loop.
struct FolderEvents {
  private let channel: any Channel

  /// - Parameter tick: called on the event loop after a file in `folder` was made or written to, once for many changes.
  static func watch(
    _ folder: String, on group: any EventLoopGroup, tick: @escaping @Sendable () -> Void
  ) async throws -> FolderEvents {
    let number = try FolderWatch.open(folder).release()
    do {
      let channel = try await NIOPipeBootstrap(group: group)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(TickHandler(tick))
          }
        }
        .takingOwnershipOfDescriptor(input: number).get()
      return FolderEvents(channel: channel)
    } catch {
      _ = FileDescriptor(owning: number)
      throw error
    }
  }

  func stop() { channel.close(promise: nil) }
}

private final class TickHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let tick: @Sendable () -> Void

  init(_ tick: @escaping @Sendable () -> Void) { self.tick = tick }

  func channelReadComplete(context: ChannelHandlerContext) { tick() }
}
