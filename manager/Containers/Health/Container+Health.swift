internal import JSON
internal import ShimProtocol

extension Container {
  /// Follows in the background what the shim finds out of a container that runs.
  func watchHealth() {
    guard record.health != nil else { return }
    surroundings.supervisor.watch { [weak self] in await self?.followHealth() }
  }

  private func followHealth() async {
    var sequence: UInt64 = 0
    do {
      while true {
        let report = try await healthReport(after: sequence)
        sequence = report.sequence
        try await exclusively { container in await container.takeOver(report) }
      }
    } catch {
      // The daemon is stopping, or the container has ended: whoever waits for that records it.
      if Task.isCancelled || record.state.running == nil || (error as? ShimFailure)?.code == .conflict { return }
      logger.warning("the container's health is not followed any more", metadata: ["error": "\(error)"])
    }
  }

  /// What the shim of a container knows that has ended while there was no daemon.
  func takeOverLastHealth() async {
    guard record.health != nil else { return }
    do { await takeOver(try await healthReport(after: 0)) } catch {
      logger.warning("the container's last health is not known", metadata: ["error": "\(error)"])
    }
  }

  private func healthReport(after sequence: UInt64) async throws -> HealthReport {
    guard case .health(let report) = try await surroundings.shims.request(.health(after: sequence), of: bundle) else {
      throw ShimUnreachable("its answer to health makes no sense")
    }
    return report
  }

  private func takeOver(_ report: HealthReport) async {
    guard record.state.running != nil else { return }
    let before = record.health
    let events = record.followHealth(report)
    guard record.health != before || !events.isEmpty else { return }
    surroundings.index.update(record)
    await keep(telling: events)
  }

  /// A container that is to end is not probed any more: it may fail, and that is nobody's business.
  func stopHealthCheck() async throws {
    guard record.health != nil else { return }
    do { try await ask(.stopHealthCheck) } catch is ContainerError {
      // It has ended meanwhile.
    }
  }
}

extension HealthCheck {
  /// - Parameter process: what is to be run, ready for the runtime.
  init(_ configuration: HealthConfiguration, process: JSONValue) {
    self.init(process: process)
    if configuration.interval != 0 { interval = configuration.interval }
    if configuration.timeout != 0 { timeout = configuration.timeout }
    startPeriod = configuration.startPeriod
    if configuration.startInterval != 0 { startInterval = configuration.startInterval }
    if configuration.retries != 0 { retries = UInt32(clamping: configuration.retries) }
  }
}
