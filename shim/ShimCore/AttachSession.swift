internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// A connection that carries the standard streams of a process.
final class AttachSession {
  private let channel: FrameChannel
  private let request: AttachRequest
  private let process: ContainerProcess
  private let shim: Shim

  /// Bytes that wait for a client before it counts as too slow.
  private static let bound = 1 << 20
  /// Bytes that wait for a client before the process waits for it.
  private static let holdingBound = bound / 4
  /// The same as ``bound`` for a client that the process waits for: what is left in two pipes of the greatest size, 1 MiB
  /// without privileges, comes on top when the process has ended.
  private static let losslessBound = 4 << 20

  /// Takes the channel over from the control session, which has told the client that it may go on.
  static func begin(_ channel: FrameChannel, _ request: AttachRequest, _ process: ContainerProcess, _ shim: Shim) {
    let session = AttachSession(channel, request, process, shim)
    channel.keepsInputOfVanished = true
    channel.received = { session.received($0) }
    channel.malformed = { _ in session.end(.invalid) }
    channel.inputEnded = { session.inputEnded() }
    channel.drained = { process.release(for: session) }
    channel.closed = { session.closed() }
    process.attach(session)
  }

  private init(_ channel: FrameChannel, _ request: AttachRequest, _ process: ContainerProcess, _ shim: Shim) {
    self.channel = channel
    self.request = request
    self.process = process
    self.shim = shim
  }

  // MARK: - To the client

  /// - Parameter frame: the bytes of a whole frame, shared by all clients.
  func send(_ frame: [UInt8], _ stream: OutputStream) {
    guard stream == .stdout ? request.stdout : request.stderr else { return }
    let bound = request.lossless ? AttachSession.losslessBound : AttachSession.bound
    guard channel.queued + frame.count <= bound else { return end(.slow) }
    channel.send(frame)
    // What is in flight when the process is held comes on top, at most one chunk of each stream.
    if request.lossless, channel.queued > AttachSession.holdingBound { process.hold(for: self) }
  }

  /// Says why, and closes once the client has read that.
  func end(_ reason: ShimEvent.Reason) {
    process.detach(self)
    channel.send(Frame(.event, JSONWriter.bytes(ShimEvent.closed(reason))).bytes)
    channel.closeAfterFlush()
  }

  // MARK: - From the client

  private func received(_ frame: Frame) {
    guard frame.kind == .stdin, request.stdin else { return end(.invalid) }
    process.input.write(frame.payload)
    guard process.input.isFull else { return }
    channel.pause()
    process.input.whenRoom { [channel] in channel.resume() }
  }

  private func inputEnded() {
    if request.stdin { process.clientInputEnded() }
  }

  private func closed() {
    if request.stdin { process.clientInputEnded() }
    process.detach(self)
    shim.forget(channel)
  }
}
