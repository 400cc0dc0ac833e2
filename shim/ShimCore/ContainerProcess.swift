internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// The container's init or an exec session: its streams, who is attached, how it ended.
final class ContainerProcess {
  /// What differs between init and exec sessions.
  struct Traits {
    var terminal = false
    /// Whether it can be given input at all.
    var stdin = false
    /// Whether its input ends with the first client that ends its own.
    var stdinOnce = false
    var consoleSize: TerminalSize?
    /// The folder for its console socket.
    var folder: String
    var pidFile: String
    /// `nil`: the exit is not written down.
    var exitRecord: String?
    /// Whether it is asked for what the kernel killed for lack of memory. Finding out where means to read all mounts, which are
    /// more the more containers there are.
    var hasMemoryCgroup = false
  }

  let traits: Traits
  let input: InputSink
  var state = ProcessState()
  var streams: ProcessStreams?
  /// Whether it has exited, its output is drained, and everybody was told.
  private(set) var isSettled = false
  private var memory: MemoryCgroup?
  private let recorder: ExitRecorder?
  private let log: ContainerLog?
  private let loop: EventLoop
  /// Is given what the process writes, besides the log and the clients.
  var tap: (UnsafeRawBufferPointer) -> Void = { _ in }
  private var clients: [AttachSession] = []
  /// Clients that the process waits for.
  private var holders: Set<ObjectIdentifier> = []
  private var waiters: [UInt64: (Result<ExitRecord, ShimFailure>) -> Void] = [:]
  private var lastWaiter: UInt64 = 0
  private let me = WeakReference<ContainerProcess>()

  /// Milliseconds for which output is still waited for after the exit. What holds the pipes open then is a process that the
  /// container left behind outside of its pid namespace.
  private static let drainTime: Int64 = 2000

  init(_ traits: Traits, log: ContainerLog?, _ loop: EventLoop) {
    self.traits = traits
    self.log = log
    self.loop = loop
    input = InputSink(loop)
    recorder = traits.exitRecord.map { ExitRecorder($0, loop) }
    me.object = self
  }

  deinit { me.object = nil }

  var isAlive: Bool { [.created, .starting, .running].contains(state.status) && state.pid != nil }

  /// Whether how it ended is known here and nowhere else.
  var isUnrecorded: Bool { recorder?.isUnwritten ?? false }

  // MARK: - Output

  /// Starts to read what the process writes.
  func pump() {
    for source in streams?.sources ?? [] {
      let stream = source.stream
      source.received = { [me] in me.object?.output($0, stream) }
      source.ended = { [me] in me.object?.sourceEnded() }
      source.start()
    }
  }

  private func output(_ chunk: UnsafeRawBufferPointer, _ stream: OutputStream) {
    log?.append(chunk, stream)
    tap(chunk)
    guard !clients.isEmpty else { return }
    // No chunk is longer than what a frame carries.
    let frame = Frame.header(stream.frameKind, length: chunk.count) + chunk
    for client in clients { client.send(frame, stream) }
  }

  // MARK: - Clients

  func attach(_ client: AttachSession) {
    if isSettled { client.end(.exited) } else { clients.append(client) }
  }

  func detach(_ client: AttachSession) {
    clients.removeAll { $0 === client }
    release(for: client)
  }

  /// Stops reading what the process writes until the client has caught up. What has ended is held no more: the rest in its
  /// pipes is bounded, and who waits for its end must not wait for a reader.
  func hold(for client: AttachSession) {
    guard state.exit == nil else { return }
    holders.insert(ObjectIdentifier(client))
    for source in streams?.sources ?? [] { source.isHeld = true }
  }

  func release(for client: AttachSession) {
    guard holders.remove(ObjectIdentifier(client)) != nil, holders.isEmpty else { return }
    for source in streams?.sources ?? [] { source.isHeld = false }
  }

  /// A client that has standard input will send no more of it. A terminal has no end.
  func clientInputEnded() {
    if traits.stdinOnce, !traits.terminal { input.endAfterFlush() }
  }

  /// Calls `body` once the process has exited and its output is drained.
  /// - Returns: what takes that back.
  func wait(_ body: @escaping (Result<ExitRecord, ShimFailure>) -> Void) -> () -> Void {
    if isSettled, let record = state.exit {
      body(.success(record))
      return {}
    }
    lastWaiter += 1
    let waiter = lastWaiter
    waiters[waiter] = body
    return { [me] in me.object?.waiters[waiter] = nil }
  }

  // MARK: - Life

  func has(pid: Int32) {
    state.pid = pid
    if traits.hasMemoryCgroup { memory = MemoryCgroup(of: pid) }
  }

  /// There will be no process, unless somebody tries again with new clients.
  func launchFailed() {
    state.status = .prepared
    input.discard()
    for client in clients { client.end(.failed) }
  }

  /// Records the exit on disk if that can be done now and its program ever ran, reads the rest of the output, then tells everybody.
  func exited(_ status: ExitStatus) {
    guard state.exit == nil else { return }
    let record = ExitRecord(
      status: status.shellStatus, signal: status.signal,
      exitedAt: String(decoding: Timestamp.text(.now, .nanoseconds), as: UTF8.self),
      outOfMemory: (memory?.kills() ?? 0) > 0)
    state.neverRan = state.status == .created
    if !state.neverRan { recorder?.write(record) }
    state.exit = record
    state.status = .stopped
    input.discard()
    drain()
    sourceEnded()
  }

  private func drain() {
    holders = []
    for source in streams?.sources ?? [] {
      source.isHeld = false
      source.processExited()
    }
    loop.after(milliseconds: ContainerProcess.drainTime) { [me] in
      for source in me.object?.streams?.sources ?? [] { source.endAfterRest() }
    }
  }

  private func sourceEnded() {
    guard let record = state.exit, !isSettled else { return }
    guard streams?.sources.allSatisfy({ $0.isEnded }) != false else { return }
    isSettled = true
    streams = nil
    guard let log else { return tell(.success(record), .exited) }
    log.finish { [me] in me.object?.tell(.success(record), .exited) }
  }

  /// The process is forgotten, whatever became of it.
  func deleted() {
    recorder?.stop()
    guard !isSettled else { return }
    isSettled = true
    tell(.failure(ShimFailure(.conflict, "deleted before it has exited")), .deleted)
  }

  private func tell(_ result: Result<ExitRecord, ShimFailure>, _ reason: ShimEvent.Reason) {
    for client in clients { client.end(reason) }
    let bodies = waiters.sorted { $0.key < $1.key }
    waiters = [:]
    for (_, body) in bodies { body(result) }
  }
}

extension ExitStatus {
  fileprivate var signal: Int32? {
    if case .signaled(let signal) = self { signal } else { nil }
  }
}
