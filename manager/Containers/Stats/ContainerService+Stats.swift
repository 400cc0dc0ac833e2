internal import LinuxKernel
internal import NIOPosix

/// What a container uses, again and again.
public struct UsageSubscription: Sendable {
  let container: Container
  let threads: NIOThreadPool

  /// Hands over a sample at once and then one every second, until the container is removed or the task is cancelled.
  /// - Parameter deliver: is given `nil` while the container does not run.
  public func run(_ deliver: (ContainerRecord, ResourceUsage?) async throws -> Void) async throws {
    let clock = ContinuousClock()
    var next = clock.now
    var reader: UsageReader?
    while let record = await container.presentRecord {
      let usage = try await sample(record, &reader)
      try await deliver(record, usage)
      next = max(next.advanced(by: .seconds(1)), clock.now)
      try await clock.sleep(until: next)
    }
  }

  /// One sample; `nil` if the container does not run.
  /// - Parameter reader: of the run before, if it is still the same.
  private func sample(_ record: ContainerRecord, _ reader: inout UsageReader?) async throws -> ResourceUsage? {
    guard let running = record.state.running else {
      reader = nil
      return nil
    }
    let known = reader?.pid == running.pid ? reader : nil
    let hasNetwork = container.surroundings.index.networkOwner(of: record).hasInterfaces
    let (budget, time) = (container.surroundings.keptFiles, container.surroundings.machineTime)
    do {
      let (used, usage) = try await threads.runIfActive {
        let reader = try known ?? UsageReader(pid: running.pid, hasNetwork: hasNetwork, budget: budget, time: time)
        return (reader, try reader.read())
      }
      reader = used
      return usage
    } catch let error as SyscallError where error.errno == .noEntry || error.errno == .noProcess {
      // It has ended meanwhile.
      reader = nil
      return nil
    }
  }
}

extension Container {
  /// `nil` if it was removed.
  fileprivate var presentRecord: ContainerRecord? { isGone ? nil : record }
}

extension ContainerService {
  public func usage(of name: String) throws -> UsageSubscription {
    UsageSubscription(container: try index.find(name).container, threads: surroundings.threads)
  }
}
