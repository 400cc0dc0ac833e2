/// Owns the tasks that outlive the requests that caused them.
///
/// *Operations* are finished even if the client that asked has gone, and even if the daemon is being stopped: nothing is
/// left half-way. *Watches* wait for something that containers do, and are cancelled when the daemon stops.
final class TaskSupervisor: Sendable {
  typealias Job = @Sendable () async -> Void

  private let operations = AsyncStream.makeStream(of: Job.self)
  private let watches = AsyncStream.makeStream(of: Job.self)

  /// Runs what is added until ``stop()``. To be called once.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        await withDiscardingTaskGroup { group in
          for await job in self.operations.stream { group.addTask(operation: job) }
        }
      }
      group.addTask {
        await withDiscardingTaskGroup { group in
          for await job in self.watches.stream { group.addTask(operation: job) }
          group.cancelAll()
        }
      }
    }
  }

  func stop() {
    watches.continuation.finish()
    operations.continuation.finish()
  }

  func watch(_ job: @escaping Job) { watches.continuation.yield(job) }

  /// Adds an operation whose result nobody waits for.
  func operate(_ job: @escaping Job) { operations.continuation.yield(job) }

  /// Runs `body` as an operation and waits for it, also if the calling task is cancelled.
  func finish<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let result = operations.continuation.yield {
        do { continuation.resume(returning: try await body()) } catch { continuation.resume(throwing: error) }
      }
      if case .terminated = result {
        continuation.resume(throwing: ContainerError.failed("the daemon is shutting down"))
      }
    }
  }
}
