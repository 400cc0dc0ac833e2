internal import LinuxKernel
internal import ShimProtocol

extension Container {
  /// Waits in the background for the end of a container that runs.
  func watch() {
    let shim = takeShim()
    surroundings.supervisor.watch { [weak self, surroundings, bundle] in
      do {
        let reply = try await surroundings.shims.ask(.wait(.container), of: bundle, through: shim)
        guard case .exited(let exit) = reply else { throw ShimUnreachable("its answer to wait makes no sense") }
        await self?.didExit(exit, shim)
      } catch {
        // The daemon is stopping; the next one will ask again.
        if Task.isCancelled { return }
        await self?.didLoseShim(error)
      }
    }
  }

  private func didExit(_ exit: ExitRecord, _ shim: (any ShimSession)?) async {
    await end { container in
      container.shim = shim
      return .exited(
        status: exit.status, outOfMemory: exit.outOfMemory, at: Timestamp(exit.exitedAt) ?? .now(), error: "")
    }
  }

  /// The connection that is kept, for one user.
  private func takeShim() -> (any ShimSession)? {
    defer { shim = nil }
    return shim
  }

  private func didLoseShim(_ error: any Error) async {
    logger.error("the shim is gone", metadata: ["error": "\(error)"])
    await end { container in try await container.endWithoutShim() }
  }

  /// How a container ended whose shim does not answer: what the shim wrote down, or that it was lost. It may run on without:
  /// then it is killed before anybody is told that it has ended.
  /// - Throws: if the daemon is stopping.
  func endWithoutShim() async throws -> ContainerTransition {
    switch try await StoredExit.read(bundle.exitRecord, on: surroundings.threads) {
    case .recorded(let exit):
      return .exited(
        status: exit.status, outOfMemory: exit.outOfMemory, at: Timestamp(exit.exitedAt) ?? .now(), error: "")
    case .missing:
      do { try await deleteInRuntime() } catch {
        logger.error("cannot end a container that has lost its shim", metadata: ["error": "\(error)"])
      }
      return .exited(status: 137, outOfMemory: false, at: .now(), error: "the container's shim ended unexpectedly")
    case .unreadable(let reason):
      let problem = await setAside(bundle.exitRecord, of: "container \(id.short)", reason: reason)
      return .exited(status: 137, outOfMemory: false, at: .now(), error: problem)
    }
  }

  private func end(_ transition: @Sendable (isolated Container) async throws -> ContainerTransition) async {
    do {
      try await exclusively { container in
        guard container.record.state.running != nil else { return }
        await container.endNow(try await transition(container))
      }
    } catch {
      // Or the daemon is stopping; the next one will ask again.
      logger.debug("exit of a container that is gone", metadata: ["error": "\(error)"])
    }
  }

  /// Records the end, tells who waits, and takes everything down.
  func endNow(_ transition: ContainerTransition) async {
    record.leaveNetworks()
    do { try await record(end: transition) } catch {
      logger.error("cannot record the exit", metadata: ["error": "\(error)"])
    }
    lastStatus = record.state.exit?.status ?? lastStatus
    waiting.exited(outcome)
    await cleanUp()
    if record.state.isRestarting { return scheduleRestart() }
    guard record.host.autoRemove else { return }
    do { try await removeNow() } catch {
      logger.error("cannot remove the container automatically", metadata: ["error": "\(error)"])
    }
  }
}

// MARK: - Taking down

extension Container {
  /// Takes down whatever of a run is there: safe at any point, and again.
  /// - Returns: whether nothing is left.
  @discardableResult
  func cleanUp() async -> Bool {
    let (bundle, surroundings) = (bundle, surroundings)
    let steps: [(String, () async throws -> Void)] = [
      ("release the network", { try await self.releaseNetwork() }),
      ("delete the container in the runtime", { try await self.deleteInRuntime() }),
      ("settle the exec sessions", { try await self.settleUnfinishedExecs() }),
      ("unmount the root file system", { try await surroundings.rootfs.unmount(self.id, at: bundle.rootfs) }),
      ("unmount the images", { try await self.unmountImages() }),
      ("unmount the volumes", { try await self.unmountVolumes() }),
      ("unmount the shared memory", { try await self.unmountSharedMemory() }),
      ("remove the shim's cgroups", { try await self.removeShimCgroups() }),
      ("remove the bundle", { try await self.removeBundle() }),
    ]
    var isClean = true
    for (name, step) in steps {
      do { try await step() } catch {
        isClean = false
        logger.error("cannot \(name)", metadata: ["error": "\(error)"])
      }
    }
    return isClean
  }

  private func releaseNetwork() async throws {
    record.leaveNetworks()
    surroundings.index.update(record)
    if record.hasInterfaces {
      try await surroundings.network.detach(id, sharedBy: surroundings.index.sharer(ofNetworkOf: id))
    }
  }

  /// Through the shim that is there, or through a new one if that is gone and the runtime may know the container.
  private func deleteInRuntime() async throws {
    do {
      _ = try await surroundings.shims.ask(.delete, of: bundle, through: takeShim())
    } catch let error as ShimUnreachable {
      guard error.isGone else { throw error }
      let (bundle, threads) = (bundle, surroundings.threads)
      // What the runtime was doing for a shim that was killed must not go on beside what it is to do now.
      try await poll("what the shim had begun does not end") { try $0.endProcesses(of: $1) }
      let isKnown = try await threads.runIfActive {
        try FileStatus.of(bundle.shimConfiguration) != nil && FileStatus.of(bundle.configuration) != nil
          && FileStatus.of(bundle.shimPid) != nil
      }
      guard isKnown else { return }
      try await surroundings.shims.launch(bundle)
      _ = try await surroundings.shims.request(.delete, of: bundle)
    }
  }

  /// The shim ends a moment after its answer to `delete`.
  private func removeShimCgroups() async throws {
    try await poll("the shim has not ended") { try $0.remove(of: $1) }
  }

  /// Until `isDone`: a cgroup of v1 tells nobody that it is empty.
  private func poll(
    _ failure: String, _ isDone: @escaping @Sendable (ShimCgroups, ContainerID) throws -> Bool
  ) async throws {
    let (id, cgroups) = (id, surroundings.shimCgroups)
    let deadline = ContinuousClock.now + .seconds(5)
    while !(try await surroundings.threads.runIfActive { try isDone(cgroups, id) }) {
      guard ContinuousClock.now < deadline else { throw ContainerError.failed(failure) }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// The mount point must go first: while something is mounted there it does not, and nothing below it is touched.
  /// What only the bundle tells of yet stays.
  private func removeBundle() async throws {
    let (bundle, isNeeded) = (bundle, unsaved != nil)
    try await surroundings.threads.runIfActive {
      try Directory.removeEmpty(bundle.rootfs)
      for path in [bundle.volumeParts, bundle.images] { try MountFolder(path: path).removePlaces() }
      if !isNeeded { try Directory.removeTree(bundle.path) }
    }
  }
}
