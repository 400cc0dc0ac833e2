internal import LinuxKernel
internal import OCIRuntimeSpec
internal import ShimProtocol

extension Container {
  /// - Throws: ``ContainerError/notModified`` if it runs, ``ContainerError/cannotStart(message:status:)``.
  func start() async throws {
    try await exclusively { container in
      if container.record.state.isRestarting { throw ContainerError.notModified }
      if !container.record.state.isActive { container.forgetRestarts() }
      try await container.startNow()
    }
  }

  func startNow() async throws {
    switch record.state {
    case .running(let running):
      if running.isPaused { throw ContainerError.conflict("cannot start a paused container, try unpause instead") }
      throw ContainerError.notModified
    case .removing, .dead:
      throw ContainerError.conflict("container is marked for removal and cannot be started")
    case .created, .exited, .restarting: break
    }
    try await settleLastRun()
    do {
      try await transition(.started(try await bringUp()))
      watch()
      watchHealth()
      try await openTickets()
    } catch {
      throw await undoStart(StartFailureTranslation.error(error))
    }
  }

  /// Before anything is written to a container's own layer: a limit holds from the first byte on.
  func makeLimitedLayer() async throws {
    guard let limit = try record.host.sizeLimit() else { return }
    try await surroundings.rootfs.make(id, chainID: record.chainID, limit: limit)
  }

  /// Everything from nothing to a running process; what it did when it throws is for ``undoStart(_:)``.
  private func bringUp() async throws -> ContainerState.Running {
    let record = record
    let (bundle, surroundings) = (bundle, surroundings)
    let runtime = try surroundings.runtimes.runtime(record.host.runtime)
    let (joined, linked) = (try joinedNamespaces(), try linkedContainers())
    try await surroundings.threads.runIfActive { try Directory.make(bundle.rootfs, mode: 0o700) }
    try await makeLimitedLayer()
    try await surroundings.rootfs.mount(id, chainID: record.chainID, at: bundle.rootfs)
    try await mountVolumes()
    try await mountImages()
    try await surroundings.threads.runIfActive {
      if record.host.ipcMode == .shareable {
        try Self.mountSharedMemory(
          at: bundle.sharedMemory, size: record.host.sharedMemorySize ?? SpecMounts.sharedMemorySize)
      }
      do {
        try BundleWriter(
          record: record, paths: surroundings.paths, runtime: runtime, machine: surroundings.machine, joined: joined,
          linked: linked,
          shimCgroups: try surroundings.shimCgroups.make(for: record.id),
          deviceFolders: surroundings.deviceFolders, hostAddress: surroundings.network.hostAddress,
          initProgram: record.host.usesInit(byDefault: surroundings.initByDefault) ? surroundings.initProgram : nil,
          defaultSeccomp: surroundings.defaultSeccomp
        ).write()
      } catch ContainerError.invalid(let message) {
        // The request to start was right: it is the container that cannot be as it was asked for.
        throw ContainerError.failed(message)
      }
    }
    try await surroundings.shims.launch(bundle)
    let shim = try await surroundings.shims.connect(to: bundle)
    guard case .process(let pid) = try await shim.ask(.create) else {
      throw ContainerError.failed("the shim's answer to create makes no sense")
    }
    try await joinNetworks(pid)
    try await openTickets()
    // Taken before the process begins: it may have ended before the shim's answer is here.
    let startedAt = Timestamp.now()
    _ = try await shim.ask(.start)
    self.shim = shim
    return ContainerState.Running(pid: pid, startedAt: startedAt)
  }

  /// Takes everything back and records why.
  private func undoStart(_ failure: ContainerError) async -> ContainerError {
    logger.warning("start failed", metadata: ["error": "\(failure)"])
    for ticket in tickets { ticket.fail(failure) }
    tickets = []
    await cleanUp()
    guard record.state.running == nil else { return failure }
    var reason = ContainerState.StartFailure(message: "\(failure)", status: 128)
    if case .cannotStart(let message, let status) = failure { reason = .init(message: message, status: status) }
    lastStatus = reason.status
    let wasRestarting = record.state.isRestarting
    do {
      try await transition(.startFailed(reason, at: .now()))
      if wasRestarting { waiting.exited(outcome) }
      if record.host.autoRemove { try await removeNow() }
    } catch { logger.error("cannot record the failed start", metadata: ["error": "\(error)"]) }
    return failure
  }

  /// Opens the streams of those who attached before the start.
  func openTickets() async throws {
    while !tickets.isEmpty {
      let ticket = tickets.removeFirst()
      guard ticket.isWaiting else { continue }
      do {
        ticket.open(try await surroundings.shims.attach(ticket.streams.request(.container, lossless: true), to: bundle))
      } catch {
        ticket.fail(error)
        throw error
      }
    }
  }
}

extension StreamSelection {
  /// - Parameter lossless: whether the process waits for the client; see `AttachRequest`.
  func request(_ process: ProcessReference, lossless: Bool = false) -> AttachRequest {
    AttachRequest(process: process, stdin: stdin, stdout: stdout, stderr: stderr, lossless: lossless)
  }
}

extension ContainerRecord {
  /// What was asked for, and with `--publish-all` every exposed port that was not.
  var portsToPublish: [PortBinding] {
    guard host.publishAllPorts else { return host.portBindings }
    let exposed = configuration.exposedPorts.compactMap(PortBinding.init(exposed:))
    return host.portBindings
      + exposed.filter { port in
        !host.portBindings.contains { $0.containerPort == port.containerPort && $0.transport == port.transport }
      }
  }
}

extension PortBinding {
  /// Reads `80/tcp` or `80`; `nil` if it is neither.
  public init?(exposed text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let port = UInt16(parts[0]), port > 0,
      let transport = parts.count == 1 ? .tcp : TransportProtocol(rawValue: parts[1].lowercased())
    else { return nil }
    self.init(containerPort: port, transport: transport)
  }
}
