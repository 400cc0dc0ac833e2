public import Logging
internal import Synchronization

/// Tells what happens, to whoever is listening now or asks later.
///
/// A listener reads the log itself, at its own pace: here it is only woken. So nothing is kept for one that is slow, all
/// are told the same in the same order, and what is written in a transaction of somebody else's is told like the rest.
public final class EventLog: Sendable {
  let store: any EventStore
  private let logger: Logger
  private let tail = Mutex(Tail())
  private let listeners = Mutex<[UInt64: AsyncStream<Void>.Continuation]>([:])

  public init(store: any EventStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  /// Adds events. What they tell of has happened: if the log cannot take them, nobody but the daemon's own log is told.
  public func append(_ events: [Event]) async {
    do {
      // Also if whoever caused them has gone meanwhile.
      try await Task { [store] in try await store.append(events) }.value
      changed()
    } catch { logger.error("events are lost", metadata: ["error": "\(error)", "count": "\(events.count)"]) }
  }

  /// Something was added to the store.
  public func changed() {
    tail.withLock { $0.version += 1 }
    for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
  }

  /// How many clients listen.
  public var listenerCount: Int { listeners.withLock { $0.count } }

  /// Begins to listen: nothing that happens after this returns is missed.
  public func subscribe(_ range: EventRange, filter: EventFilter = EventFilter()) async throws -> EventSubscription {
    let (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let key = UInt64.random(in: .min ... .max)
    listeners.withLock { $0[key] = continuation }
    continuation.onTermination = { [weak self] _ in
      _ = self?.listeners.withLock { $0.removeValue(forKey: key) }
    }
    // What is there already is looked at first.
    continuation.yield()
    return EventSubscription(
      log: self, range: range, filter: filter, start: range.includesPast ? nil : try await store.end(), wakes: wakes,
      wake: continuation)
  }
}

// MARK: - Reading

extension EventLog {
  /// What listeners who follow the log are reading: most of them are at the same place when something happens.
  private struct Tail {
    struct Key: Hashable {
      var place: Int64
      var version: UInt64
    }

    /// Grows with every addition: a read that began before one may not have seen it.
    var version: UInt64 = 0
    var reads: [Key: Task<EventPage?, any Error>] = [:]
  }

  /// Everything behind `place`, page by page; one read for all who ask for the same at the same time.
  func page(after place: Int64) async throws -> EventPage? {
    let (key, read) = tail.withLock { tail in
      let key = Tail.Key(place: place, version: tail.version)
      let read = tail.reads[key] ?? Task { [store] in try await store.events(after: place, in: .min...(.max)) }
      tail.reads[key] = read
      return (key, read)
    }
    defer { tail.withLock { _ = $0.reads.removeValue(forKey: key) } }
    return try await read.value
  }
}
