/// What somebody waits for.
public enum WaitCondition: String, Sendable, CaseIterable {
  /// At once if the container does not run.
  case notRunning = "not-running"
  case nextExit = "next-exit"
  case removed
}

/// What somebody who waited is told.
public struct WaitOutcome: Equatable, Sendable {
  /// Of the last run; 0 if there was none.
  public var status: Int32
  /// What went wrong, `nil` if nothing did.
  public var error: String?
}

/// A wait that has begun: nothing that happens from now on is missed.
public struct ContainerWait: Sendable {
  let outcomes: AsyncStream<WaitOutcome>

  /// - Throws: `CancellationError`.
  public func outcome() async throws -> WaitOutcome {
    for await outcome in outcomes { return outcome }
    throw CancellationError()
  }
}

/// Who waits for what at one container. Used from within its actor only.
struct WaitList {
  typealias Callback = @Sendable (WaitOutcome) -> Void

  private var waiting: [Int: (condition: WaitCondition, callback: Callback)] = [:]
  private var nextKey = 0

  mutating func add(_ condition: WaitCondition, _ callback: @escaping Callback) -> Int {
    nextKey += 1
    waiting[nextKey] = (condition, callback)
    return nextKey
  }

  mutating func remove(_ key: Int) { waiting[key] = nil }

  /// The container has exited.
  mutating func exited(_ outcome: WaitOutcome) { fire(outcome) { $0 != .removed } }

  /// The container is gone, and with it everything that could be waited for.
  mutating func removed(_ outcome: WaitOutcome) { fire(outcome) { _ in true } }

  private mutating func fire(_ outcome: WaitOutcome, where matches: (WaitCondition) -> Bool) {
    for (key, waiter) in waiting where matches(waiter.condition) {
      waiting[key] = nil
      waiter.callback(outcome)
    }
  }
}
