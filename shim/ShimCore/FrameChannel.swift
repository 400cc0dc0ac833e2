internal import LinuxKernel
internal import ShimProtocol

/// One connection: frames in, bytes out, neither ever waited for.
final class FrameChannel {
  private let watched: WatchedDescriptor
  private let loop: EventLoop
  private var decoder = FrameDecoder()
  private var outgoing = ByteQueue()
  private var isPaused = false
  private var isInputEnded = false
  private var isHungUp = false
  /// Input is thrown away and nothing more is sent than what waits already.
  private var isClosing = false
  private(set) var isClosed = false
  private let me = WeakReference<FrameChannel>()

  /// Whether what a vanished peer has sent is still worth reading.
  var keepsInputOfVanished = false
  var received: (Frame) -> Void = { _ in }
  var malformed: (FrameError) -> Void = { _ in }
  /// The peer will send no more.
  var inputEnded: () -> Void = {}
  /// Output that had waited is out.
  var drained: () -> Void = {}
  var closed: () -> Void = {}

  /// Bytes that are read at once.
  private static let chunk = 16 << 10
  /// Milliseconds that a peer gets to take what waits for it and to close.
  private static let linger: Int64 = 10_000

  init(_ descriptor: consuming FileDescriptor, _ loop: EventLoop) {
    watched = WatchedDescriptor(descriptor, loop)
    self.loop = loop
    me.object = self
    watched.handler = { [me] in me.object?.happened($0) }
  }

  deinit { me.object = nil }

  func start() { updateWatch() }

  // MARK: - Output

  /// Bytes that wait for the peer.
  var queued: Int { outgoing.count }

  func send(_ bytes: [UInt8]) {
    guard !isClosed, !isClosing else { return }
    outgoing.append(bytes)
    flush()
  }

  /// Sends what waits, then lets the peer go: it must not lose the last frame to bytes of its own that were never read.
  func closeAfterFlush() {
    guard !isClosed, !isClosing else { return }
    isClosing = true
    loop.after(milliseconds: FrameChannel.linger) { [me] in me.object?.close() }
    flush()
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    watched.watch(nil)
    closed()
    (received, malformed, inputEnded, drained, closed) = ({ _ in }, { _ in }, {}, {}, {})
  }

  private func flush() {
    let hadQueue = !outgoing.isEmpty
    do throws(SyscallError) {
      while !outgoing.isEmpty {
        let count = try outgoing.withFirst { bytes throws(SyscallError) in try watched.descriptor.send(bytes) }
        outgoing.drop(count)
      }
      if isClosing { try watched.descriptor.shutdownWriting() }
    } catch {
      guard error.errno == .wouldBlock else { return vanish() }
    }
    if isClosing, outgoing.isEmpty, isInputEnded { return close() }
    updateWatch()
    if hadQueue, outgoing.isEmpty { drained() }
  }

  // MARK: - Input

  func pause() {
    isPaused = true
    updateWatch()
  }

  func resume() {
    guard isPaused, !isClosed else { return }
    isPaused = false
    updateWatch()
    deliver()
  }

  private func read() {
    do throws(SyscallError) {
      let chunk = try watched.descriptor.readChunk(limit: FrameChannel.chunk)
      if chunk.isEmpty { isInputEnded = true } else if !isClosing { decoder.append(chunk) }
      updateWatch()
      deliver()
    } catch {
      if error.errno != .wouldBlock { vanish() }
    }
  }

  private func deliver() {
    do throws(FrameError) {
      while !isPaused, !isClosing, !isClosed, let frame = try decoder.next() { received(frame) }
    } catch { malformed(error) }
    guard isInputEnded, !isPaused, !isClosed else { return }
    if isHungUp || (isClosing && outgoing.isEmpty) { return close() }
    inputEnded()
  }

  // MARK: - Events

  private func happened(_ events: Epoll.Events) {
    if !events.isDisjoint(with: [.hangUp, .error]) { return vanish() }
    if events.contains(.writable) { flush() }
    if events.contains(.readable), !isClosed { read() }
  }

  /// The peer is gone for good. What it sent before may still have to be read.
  private func vanish() {
    guard !isClosed else { return }
    guard keepsInputOfVanished, !isClosing, !isInputEnded else { return close() }
    isHungUp = true
    outgoing = ByteQueue()
    updateWatch()
    if !isPaused { read() }
  }

  private func updateWatch() {
    guard !isClosed else { return }
    let reads = !isInputEnded && (isClosing || !isPaused)
    // A hang-up is reported for as long as it is watched: while nothing can be done about it, it is not.
    if isHungUp, !reads { return watched.watch(nil) }
    watched.watch(Epoll.Events(reads ? [.readable] : []).union(outgoing.isEmpty ? [] : .writable))
  }
}
