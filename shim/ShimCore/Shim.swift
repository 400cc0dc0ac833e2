internal import JSON
package import LinuxKernel
package import ShimProtocol

/// The parent of one container: everything that `proa-shim` does once it is a process of its own. It lives as long as the
/// process, and so do the callbacks that keep it.
package final class Shim {
  let configuration: ShimConfiguration
  let bundle: BundleLayout
  let loop: EventLoop
  let runner: RuntimeRunner
  let container: ContainerProcess
  var execs: [ExecID: ContainerProcess] = [:]
  /// `nil` without a health check.
  private(set) lazy var health = configuration.healthCheck.map { check in
    HealthMonitor(check, loop) { [self] in makeProbe() }
  }
  /// `nil` until somebody asks for it.
  var names: NameServer?
  var isDeleting = false
  var isPaused = false
  private let signals: SignalDescriptor
  private let listener: WatchedDescriptor
  private let log: ContainerLog?
  private var signalWatch: UInt64?
  private var channels: [ObjectIdentifier: FrameChannel] = [:]
  /// Children that ended before it was known which process they are.
  private var early: [Int32: ExitStatus] = [:]

  /// Connections at a time.
  private static let connectionLimit = 256

  /// - Parameter listener: listens at ``BundleLayout/socket``.
  package init(
    _ configuration: ShimConfiguration, _ bundle: BundleLayout, listener: consuming FileDescriptor
  ) throws(SyscallError) {
    self.configuration = configuration
    self.bundle = bundle
    loop = try EventLoop()
    let complaints = ShimLog(bundle.shimLog)
    loop.report = { complaints.append($0) }
    log = try ContainerLog(configuration.log, loop)
    loop.whenIdle = { [log] in
      log?.releaseMemory()
      CurrentProcess.releaseMemory()
    }
    signals = try SignalDescriptor([.child, .terminate, .interrupt, .hangUp, .quit])
    try Processes.becomeSubreaper()
    runner = RuntimeRunner(configuration, bundle, loop)
    container = ContainerProcess(
      ContainerProcess.Traits(configuration, bundle), log: log, loop)
    self.listener = WatchedDescriptor(listener, loop)
  }

  /// Serves until the container was deleted.
  package func run() throws(SyscallError) {
    signalWatch = loop.register(signals.descriptor, .readable) { [self] _ in readSignals() }
    listener.handler = { [self] _ in accept() }
    listener.watch(.readable)
    try loop.run()
  }

  // MARK: - Signals

  private func readSignals() {
    while let signal = signals.next() {
      if signal == .child { reap() }
      if signal == .terminate { terminate() }
    }
  }

  private func reap() {
    var commandEnded: (() -> Void)?
    do throws(SyscallError) {
      while let (pid, status) = try Processes.reap(-1, block: false) {
        if let ended = runner.childEnded(pid, status) {
          commandEnded = ended
        } else if log?.childEnded(pid, status) == true {
          continue
        } else if let process = ([container] + execs.values).first(where: { $0.isAlive && $0.state.pid == pid }) {
          process.exited(status)
        } else if let probe = health?.probe, probe.owns(pid) {
          probe.exited(status)
        } else if runner.isBusy {
          early[pid] = status
        }
      }
    } catch {
      if error.errno != .noChild { loop.report("cannot wait for children: \(error)") }
    }
    commandEnded?()
    if commandEnded != nil { early = [:] }
  }

  /// `process` turned out to be `pid`, which may have ended already.
  func identify(_ process: ContainerProcess, _ pid: Int32, _ status: ProcessStatus) {
    process.has(pid: pid)
    process.state.status = status
    process.pump()
    if let status = early[pid] { process.exited(status) }
  }

  /// A machine that shuts down may end a shim that has nothing left to keep, no other.
  private func terminate() {
    guard !runner.isBusy, ([container] + execs.values).allSatisfy({ !$0.isAlive && !$0.isUnrecorded }) else { return }
    leave()
    loop.stop()
  }

  // MARK: - Connections

  private func accept() {
    do throws(SyscallError) {
      while channels.count < Shim.connectionLimit, let connection = try listener.descriptor.acceptConnection() {
        let peer = try connection.peerCredentials().uid
        guard peer == 0 || peer == CurrentProcess.effectiveUID else { continue }
        let channel = FrameChannel(connection, loop)
        channels[ObjectIdentifier(channel)] = channel
        _ = ControlSession(channel, self)
      }
      // Who comes now waits in the backlog until somebody goes.
      if channels.count >= Shim.connectionLimit { listener.watch(nil) }
    } catch {
      // Out of descriptors or memory: those who wait in the backlog are asked in again later.
      loop.report("cannot accept a connection: \(error)")
      listener.watch(nil)
      loop.after(milliseconds: 1000) { [self] in listener.watch(.readable) }
    }
  }

  func forget(_ channel: FrameChannel) {
    guard channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
    if channels.count == Shim.connectionLimit - 1 { listener.watch(.readable) }
  }

  // MARK: - The end

  /// Takes away what shows that somebody is here.
  func leave() {
    log?.stop()
    for path in [bundle.socket, bundle.shimPid] {
      do throws(SyscallError) { try Directory.removeTree(path) } catch { loop.report("cannot leave: \(error)") }
    }
  }

  /// Stops as soon as everybody has been sent the last frame, or does not take it.
  func stopWhenSent(deadline: MonotonicTime = .now + 5000) {
    if channels.values.allSatisfy({ $0.queued == 0 }) || deadline < .now { return loop.stop() }
    loop.after(milliseconds: 20) { [self] in stopWhenSent(deadline: deadline) }
  }
}
