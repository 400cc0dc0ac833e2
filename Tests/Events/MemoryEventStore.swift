import Events
import Synchronization

/// A log in memory, of limited length.
final class MemoryEventStore: EventStore {
  private let kept = Mutex<[(place: Int64, event: Event)]>([])
  private let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  func append(_ events: [Event]) async throws {
    kept.withLock { kept in
      for event in events { kept.append(((kept.last?.place ?? 0) + 1, event)) }
      kept.removeFirst(max(0, kept.count - limit))
    }
  }

  func end() async throws -> Int64 { kept.withLock { $0.last?.place ?? 0 } }

  /// Two at a time.
  func events(after place: Int64?, in times: ClosedRange<Int64>) async throws -> EventPage? {
    let found = kept.withLock { kept in
      Array(kept.filter { $0.place > place ?? .min && times.contains($0.event.time) }.prefix(2))
    }
    guard let first = found.first, let last = found.last else { return nil }
    return EventPage(events: found.map(\.event), begin: first.place - 1, end: last.place)
  }
}

extension Event {
  init(
    _ action: String, kind: Kind = .container, actor: String = "c1", at time: Int64 = 1,
    _ attributes: [String: String] = [:]
  ) {
    self.init(kind: kind, action: action, actor: actor, attributes: attributes, time: time)
  }
}
