internal import Glibc
internal import JSON
internal import LinuxKernel
internal import NIOCore
internal import NIOPosix
internal import ShimProtocol

/// One connection to a shim. Closed when nobody holds it any more.
final class ShimConnection: ShimSession {
  let channel: any Channel
  private let reader: NIOLoopBound<FrameReader>
  private let bundle: BundleLayout
  /// Whose unread output is taken over when a process has ended.
  private let attached: AttachedConnections

  private init(
    _ channel: any Channel, _ reader: NIOLoopBound<FrameReader>, _ bundle: BundleLayout, _ attached: AttachedConnections
  ) {
    self.channel = channel
    self.reader = reader
    self.bundle = bundle
    self.attached = attached
  }

  deinit { channel.close(promise: nil) }

  /// Connects through `/proc/self/fd`, since a socket's address holds no more than 107 bytes.
  /// - Throws: ``ShimUnreachable``
  static func open(
    _ bundle: BundleLayout, among attached: AttachedConnections, on group: any EventLoopGroup
  ) async throws -> ShimConnection {
    do {
      let folder = try FileDescriptor.open(bundle.path, [.pathOnly, .directory])
      let path = "/proc/self/fd/\(folder.number)/\(BundleLayout.socketName)"
      let connection = try await ClientBootstrap(group: group)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .channelOption(.autoRead, value: false)
        .connect(unixDomainSocketPath: path) { channel in
          channel.eventLoop.makeCompletedFuture { try install(on: channel, bundle, attached) }
        }
      // Keeps the descriptor until the kernel has resolved the path.
      _ = consume folder
      return connection
    } catch let error as SyscallError {
      throw ShimUnreachable("\(error)", isGone: isGone(error.errno.rawValue))
    } catch let error as IOError {
      throw ShimUnreachable("\(error)", isGone: isGone(error.errnoCode))
    }
  }

  private static func isGone(_ code: Int32) -> Bool { [ENOENT, ENOTDIR, ECONNREFUSED].contains(code) }

  private static func install(
    on channel: any Channel, _ bundle: BundleLayout, _ attached: AttachedConnections
  ) throws -> ShimConnection {
    let reader = FrameReader()
    try channel.pipeline.syncOperations.addHandlers([
      ByteToMessageHandler(FrameCutter(), maximumBufferSize: Frame.Kind.reply.limit + Frame.headerSize), reader,
    ])
    return ShimConnection(channel, NIOLoopBound(reader, eventLoop: channel.eventLoop), bundle, attached)
  }

  /// The next frame with its header, `nil` at the end.
  func next() async throws -> ByteBuffer? {
    try await withTaskCancellationHandler {
      let (channel, reader) = (channel, reader)
      return try await channel.eventLoop.flatSubmit { reader.value.next(on: channel.eventLoop) }.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  /// From now on what comes is taken whether or not somebody asks for it, so that the other side may go.
  func readAhead() {
    let (channel, reader) = (channel, reader)
    channel.eventLoop.execute { reader.value.readAhead() }
  }

  /// Sends a request and waits for its reply.
  /// - Throws: ``ShimUnreachable`` if the connection ends before that, ``ShimFailure`` if the shim refuses.
  func ask(_ request: ShimRequest) async throws -> ShimReply {
    if request == .delete { attached.takeOver(bundle) }
    let reply = try await exchange(request)
    if case .wait(let process) = request { attached.takeOver(process, of: bundle) }
    return reply
  }

  private func exchange(_ request: ShimRequest) async throws -> ShimReply {
    let payload = JSONWriter.bytes(request)
    var buffer = channel.allocator.buffer(capacity: Frame.headerSize + payload.count)
    buffer.writeBytes(Frame.header(.request, length: payload.count))
    buffer.writeBytes(payload)
    do { try await channel.writeAndFlush(buffer) } catch { throw ShimUnreachable("\(error)", isGone: false) }
    let answer: ByteBuffer?
    do { answer = try await next() } catch let error as IOError {
      // A shim that is killed before it has read the request resets the connection.
      throw ShimUnreachable("\(error)", isGone: false)
    }
    guard let frame = answer else {
      try Task.checkCancellation()
      throw ShimUnreachable("it closed the connection", isGone: false)
    }
    guard frame.getInteger(at: frame.readerIndex, as: UInt8.self) == Frame.Kind.reply.rawValue else {
      throw ShimUnreachable("it sent something else than a reply")
    }
    let reply = try ShimReply(jsonText: Array(OutputFrame(bytes: frame).payload.readableBytesView))
    if case .failure(let failure) = reply { throw failure }
    return reply
  }

  func attach(_ request: AttachRequest) async throws -> any ShimStream {
    attached.add(self, to: request.process, of: bundle)
    _ = try await exchange(.attach(request))
    return SocketStream(connection: self)
  }
}
