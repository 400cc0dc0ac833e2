import JSON
import NIOCore
import ShimProtocol

@testable import Containers

/// Shims without processes: every container runs until it gets a signal that it obeys, or the test ends it.
actor FakeShims: ShimConnecting {
  private struct Shim {
    var status = ProcessStatus.prepared
    var exit: ExitRecord?
    var waiters: [AsyncStream<ExitRecord>.Continuation] = []
    var execs: [ShimProtocol.ExecState] = []
    var isPaused = false
    var neverRan = false
  }

  private var shims: [String: Shim] = [:]
  private(set) var signals: [Int32] = []
  /// Signals that end a container.
  private let obeyed: Set<Int32>
  /// What `create` fails with.
  private let failure: ShimFailure?
  /// What `update` fails with.
  private let updateFailure: ShimFailure?
  /// What `signal` fails with.
  private let signalFailure: ShimFailure?
  /// What `update` was told.
  private(set) var updates: [String] = []

  init(
    obeyed: Set<Int32> = [9, 15], failure: ShimFailure? = nil, updateFailure: ShimFailure? = nil,
    signalFailure: ShimFailure? = nil
  ) {
    self.obeyed = obeyed
    self.failure = failure
    self.updateFailure = updateFailure
    self.signalFailure = signalFailure
  }

  var isEmpty: Bool { shims.isEmpty }

  /// A shim that a daemon before left.
  func leave(
    _ bundle: BundleLayout, _ status: ProcessStatus, exit: ExitRecord? = nil, isPaused: Bool = false,
    neverRan: Bool = false
  ) {
    shims[bundle.path] = Shim(status: status, exit: exit, isPaused: isPaused, neverRan: neverRan)
  }

  func leave(exec: ShimProtocol.ExecState, in bundle: BundleLayout) { shims[bundle.path]?.execs.append(exec) }

  /// The shim is killed: nothing answers any more.
  func lose(_ bundle: BundleLayout) {
    for waiter in shims.removeValue(forKey: bundle.path)?.waiters ?? [] { waiter.finish() }
  }

  func end(_ bundle: BundleLayout, status: Int32, outOfMemory: Bool = false) {
    let exit = ExitRecord(status: status, exitedAt: "2024-01-02T03:04:05.000000000Z", outOfMemory: outOfMemory)
    let waiters = shims[bundle.path]?.waiters ?? []
    shims[bundle.path]?.status = .stopped
    shims[bundle.path]?.exit = exit
    shims[bundle.path]?.waiters = []
    for waiter in waiters { waiter.yield(exit) }
  }

  func launch(_ bundle: BundleLayout) async throws { shims[bundle.path] = Shim() }

  func request(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply {
    guard let shim = shims[bundle.path] else { throw ShimUnreachable("no such file or directory") }
    switch request {
    case .create:
      if let failure { throw failure }
      shims[bundle.path]?.status = .created
      return .process(pid: 42)
    case .start:
      shims[bundle.path]?.status = .running
      return .done
    case .signal(let signal):
      signals.append(signal.number)
      if let signalFailure { throw signalFailure }
      if obeyed.contains(signal.number) { end(bundle, status: 128 + signal.number) }
      return .done
    case .wait(.container): return .exited(try await end(of: bundle, shim))
    case .state: return .state(state(of: shim))
    case .wait(.exec):
      let (ends, _) = AsyncStream.makeStream(of: Never.self)
      for await _ in ends {}
      throw CancellationError()
    case .pause, .resume:
      shims[bundle.path]?.isPaused = request == .pause
      return .done
    case .names: return .names(NamePorts(udp: 1053, tcp: 2053))
    case .update(let resources):
      if let updateFailure { throw updateFailure }
      updates.append(JSONWriter.string(resources))
      return .done
    case .delete:
      shims[bundle.path] = nil
      return .done
    default: throw ShimFailure(.invalid, "the fake does not do that")
    }
  }

  private func end(of bundle: BundleLayout, _ shim: Shim) async throws -> ExitRecord {
    if let exit = shim.exit { return exit }
    let (exits, continuation) = AsyncStream.makeStream(of: ExitRecord.self)
    shims[bundle.path]?.waiters.append(continuation)
    for await exit in exits { return exit }
    throw ShimUnreachable("killed")
  }

  private func state(of shim: Shim) -> ShimState {
    var state = ShimState()
    state.container = ProcessState(status: shim.status, pid: 42, exit: shim.exit)
    state.container.neverRan = shim.neverRan
    state.execs = shim.execs
    state.isPaused = shim.isPaused
    return state
  }

  func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream {
    guard shims[bundle.path]?.status == .created else { throw ShimUnreachable("too early or too late") }
    return SaidStream()
  }
}

extension FakeShims {
  nonisolated func connect(to bundle: BundleLayout) -> any ShimSession { FakeSession(shims: self, bundle: bundle) }
}

private struct FakeSession: ShimSession {
  let shims: FakeShims
  let bundle: BundleLayout

  func ask(_ request: ShimRequest) async throws -> ShimReply { try await shims.request(request, of: bundle) }

  func attach(_ request: AttachRequest) async throws -> any ShimStream {
    try await shims.attach(request, to: bundle)
  }
}

/// Says one word, and ends.
actor SaidStream: ShimStream {
  private var frames = [OutputFrame(bytes: ByteBuffer(bytes: [1, 0, 0, 0, 0, 0, 0, 2] + Array("hi".utf8)))]

  func next() async throws -> OutputFrame? { frames.popLast() }
  func write(stdin bytes: ByteBuffer) async throws {}
  func finish() async throws {}
}
