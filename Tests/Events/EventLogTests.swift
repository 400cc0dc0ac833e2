import Logging
import Synchronization
import Testing

@testable import Events

@Suite(.timeLimit(.minutes(1)))
struct EventLogTests {
  private static let later = Int64.max / 2
  private let store = MemoryEventStore()
  private let log: EventLog

  init() { log = Self.log(store) }

  private static func log(_ store: MemoryEventStore) -> EventLog {
    EventLog(store: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// The actions that are told until one is `last`.
  private func actions(_ subscription: EventSubscription, until last: String) async throws -> [String] {
    let told = Mutex<[String]>([])
    do {
      try await subscription.run { events in
        told.withLock { $0 += events.map(\.action) }
        if events.contains(where: { $0.action == last }) { throw CancellationError() }
      }
    } catch is CancellationError {}
    return told.withLock { $0 }
  }

  @Test func `what happens after the subscription is told in order, and nothing before`() async throws {
    await log.append([Event("before")])
    let subscription = try await log.subscribe(EventRange())
    await log.append([Event("a"), Event("b"), Event("c")])
    async let told = actions(subscription, until: "last")
    await log.append([Event("d")])
    await log.append([Event("last")])
    #expect(try await told == ["a", "b", "c", "d", "last"])
  }

  @Test func `who comes back with the time of the last event misses nothing`() async throws {
    await log.append((1...5).map { Event("\($0)", at: $0) })
    let subscription = try await log.subscribe(EventRange(since: 3))
    await log.append([Event("6", at: 6)])
    #expect(try await actions(subscription, until: "6") == ["3", "4", "5", "6"])
  }

  @Test func `a range that has passed ends by itself`() async throws {
    await log.append((1...5).map { Event("\($0)", at: $0) })
    #expect(try await actions(try await log.subscribe(EventRange(since: 2, until: 4)), until: "") == ["2", "3", "4"])
    #expect(try await actions(try await log.subscribe(EventRange(until: 2)), until: "") == ["1", "2"])
  }

  @Test func `a subscriber that is too slow is told that it missed something`() async throws {
    let store = MemoryEventStore(limit: 2)
    let log = Self.log(store)
    let subscription = try await log.subscribe(EventRange())
    await log.append((1...3).map { Event("\($0)", at: $0) })
    await #expect(throws: EventsLost.self) { try await subscription.run { _ in } }
  }

  @Test func `what others write is told when they say so`() async throws {
    let subscription = try await log.subscribe(EventRange())
    async let told = actions(subscription, until: "stored")
    try await store.append([Event("stored")])
    log.changed()
    #expect(try await told == ["stored"])
  }

  @Test func `nobody listens after the subscription`() async throws {
    let subscription = try await log.subscribe(EventRange())
    #expect(log.listenerCount == 1)
    let task = Task { try await subscription.run { _ in } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(log.listenerCount == 0)
    _ = try await log.subscribe(EventRange())
    #expect(log.listenerCount == 0)
  }

  @Test func `an event keeps everything in its record`() throws {
    let event = Event("exec_create: sh -c \"x\"", kind: .network, actor: "id", at: 7, ["a": "b\n"])
    #expect(try Event(record: event.record, time: 7) == event)
  }
}
