internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// A connection that carries requests, until one of them makes it an attach stream.
final class ControlSession {
  private let channel: FrameChannel
  private let shim: Shim
  /// Withdraws the request that is being waited for.
  private var cancel: () -> Void = {}

  init(_ channel: FrameChannel, _ shim: Shim) {
    self.channel = channel
    self.shim = shim
    channel.received = { [self] in received($0) }
    channel.malformed = { [self] in refuse("\($0)") }
    channel.inputEnded = { channel.closeAfterFlush() }
    channel.closed = { [self] in
      cancel()
      shim.forget(channel)
    }
    channel.start()
  }

  private func received(_ frame: Frame) {
    guard frame.kind == .request else { return refuse("a \(frame.kind) frame where a request was expected") }
    do throws(JSONError) {
      let limits = JSONReader.Limits(size: Frame.Kind.request.limit, depth: 64)
      serve(try ShimRequest(json: try JSONReader.read(frame.payload, limits: limits)))
    } catch { refuse("\(error)") }
  }

  private func serve(_ request: ShimRequest) {
    // One at a time: what follows stays in the socket until this is answered.
    channel.pause()
    if case .attach(let attach) = request { return serve(attach) }
    cancel = shim.serve(request) { [self] reply in
      cancel = {}
      send(reply)
      channel.resume()
    }
  }

  private func serve(_ request: AttachRequest) {
    do throws(ShimFailure) {
      let process = try shim.process(request.process)
      send(.done)
      // A client that has gone without waiting for that would never be let go again.
      guard !channel.isClosed else { return }
      AttachSession.begin(channel, request, process, shim)
    } catch { send(.failure(error)) }
    channel.resume()
  }

  private func send(_ reply: ShimReply) { channel.send(Frame(.reply, JSONWriter.bytes(reply)).bytes) }

  private func refuse(_ reason: String) {
    send(.failure(ShimFailure(.invalid, reason)))
    channel.closeAfterFlush()
  }
}
