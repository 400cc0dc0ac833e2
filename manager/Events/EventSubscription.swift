internal import Glibc

/// A client's place in the log.
public struct EventSubscription: Sendable {
  let log: EventLog
  let range: EventRange
  let filter: EventFilter
  /// `nil`: the oldest there is.
  let start: Int64?
  let wakes: AsyncStream<Void>
  let wake: AsyncStream<Void>.Continuation

  /// Hands over events until the end of the range has passed, or the task is cancelled. To be called once.
  /// - Parameter deliver: is given what follows when it has returned; some that happen meanwhile wait in the log.
  /// - Throws: ``EventsLost`` if they could not wait so long, and what `deliver` throws.
  public func run(_ deliver: @escaping @Sendable ([Event]) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow(deliver) }
      defer { group.cancelAll() }
      if let left = timeLeft {
        group.addTask {
          try await Task.sleep(for: left)
          // The log is looked at once more, and no more.
          wake.yield()
          wake.finish()
        }
        try await group.next()
      }
      try await group.next()
    }
  }

  /// `nil`: nobody will see the end.
  private var timeLeft: Duration? {
    guard let until = range.until else { return nil }
    let (left, overflow) = until.subtractingReportingOverflow(Self.now())
    return overflow || left > 1 << 60 ? nil : .nanoseconds(max(0, left))
  }

  private func follow(_ deliver: ([Event]) async throws -> Void) async throws {
    var place = start
    for await _ in wakes {
      while let page = try await page(after: place) {
        if let place, page.begin > place { throw EventsLost() }
        place = page.end
        let wanted = page.events.filter(filter.includes)
        if !wanted.isEmpty { try await deliver(wanted) }
      }
    }
    try Task.checkCancellation()
  }

  /// Who has come to the end of the past reads on with the others.
  private func page(after place: Int64?) async throws -> EventPage? {
    guard let place, range.until == nil else { return try await log.store.events(after: place, in: range.times) }
    return try await log.page(after: place)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
