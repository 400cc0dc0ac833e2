internal import LinuxKernel

/// What a process reads: takes bytes from clients, holds them until the process reads them, never more than a bound.
final class InputSink {
  private var watched: WatchedDescriptor?
  private var queue = ByteQueue()
  private var mayEnd = false
  private var isEnded = false
  /// Called when there is room again.
  private var waiting: [() -> Void] = []
  private let loop: EventLoop
  private let me = WeakReference<InputSink>()

  /// Bytes at which clients are made to wait.
  private static let bound = 64 << 10

  init(_ loop: EventLoop) {
    self.loop = loop
    me.object = self
  }

  deinit { me.object = nil }

  var isFull: Bool { queue.count >= InputSink.bound }

  /// Where the bytes go from now on; those that came before go first.
  func connect(_ descriptor: consuming FileDescriptor) {
    let watched = WatchedDescriptor(descriptor, loop)
    watched.handler = { [me] _ in me.object?.flush() }
    self.watched = watched
    flush()
  }

  func write(_ bytes: [UInt8]) {
    guard !mayEnd, !isEnded else { return }
    queue.append(bytes)
    flush()
  }

  /// Calls `body` as soon as the sink is not full.
  func whenRoom(_ body: @escaping () -> Void) {
    if isFull { waiting.append(body) } else { body() }
  }

  /// The process reads the end of its input after what was written so far.
  func endAfterFlush() {
    mayEnd = true
    flush()
  }

  /// Forgets what was not read; there is nobody to read it any more.
  func discard() {
    isEnded = true
    queue = ByteQueue()
    watched = nil
    wakeWaiting()
  }

  private func flush() {
    guard let watched, !isEnded else { return }
    do throws(SyscallError) {
      while !queue.isEmpty {
        let count = try queue.withFirst { bytes throws(SyscallError) in try watched.descriptor.write(bytes) }
        queue.drop(count)
      }
    } catch {
      // Anything else than a full pipe, EPIPE above all, means that nobody will read.
      guard error.errno == .wouldBlock else { return discard() }
    }
    if queue.isEmpty, mayEnd { return discard() }
    watched.watch(queue.isEmpty ? nil : .writable)
    if !isFull { wakeWaiting() }
  }

  private func wakeWaiting() {
    let bodies = waiting
    waiting = []
    for body in bodies { body() }
  }
}
