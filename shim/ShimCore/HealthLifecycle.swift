internal import JSON
internal import LinuxKernel
internal import ShimProtocol

extension Shim {
  /// Begins to probe the container, which runs, if its configuration says how.
  func beginHealthCheck() {
    guard let health, let check = configuration.healthCheck else { return }
    let layout = bundle.health
    do throws(SyscallError) {
      try Directory.make(layout.path, mode: 0o700)
      try AtomicFile.write(JSONWriter.bytes(check.process), to: layout.process, durability: .visible)
    } catch {
      // Every probe will say that there is no such file.
      loop.report("cannot prepare the health check: \(error)")
    }
    _ = container.wait { _ in health.end() }
    health.begin()
  }

  func makeProbe() -> HealthProbe {
    let layout = bundle.health
    let traits = ContainerProcess.Traits(folder: layout.path, pidFile: layout.pid, exitRecord: nil)
    return HealthProbe(ContainerProcess(traits, log: nil, loop), loop) { [self] process, reply in
      do throws(ShimFailure) {
        let options = ["--process", layout.process, "--pid-file", layout.pid, "--detach"]
        try launch(process, "exec", options, [configuration.id], leavesIt: .running, during: .starting, reply)
      } catch { reply(.failure(error)) }
    }
  }

  func reportHealth(after sequence: UInt64, _ reply: @escaping Reply) throws(ShimFailure) -> () -> Void {
    guard let health else { throw ShimFailure(.conflict, "the container has no health check") }
    return health.report(after: sequence) { result in
      switch result {
      case .success(let report): reply(.health(report))
      case .failure(let failure): reply(.failure(failure))
      }
    }
  }
}
