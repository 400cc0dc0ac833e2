package import Events
package import Logging
package import Metadata

/// Keeps the events in the database.
package struct StoredEvents: EventStore {
  private static let pageSize = 256 << 10

  let database: Database
  let logger: Logger

  package init(_ database: Database, logger: Logger) {
    self.database = database
    self.logger = logger
  }

  package func append(_ events: [Event]) async throws { try await database.addEvents(events.map { NewEventRow($0) }) }

  package func end() async throws -> Int64 { try await database.endOfEvents() }

  package func events(after place: Int64?, in times: ClosedRange<Int64>) async throws -> EventPage? {
    let rows = try await database.events(after: place ?? .min, in: times, size: Self.pageSize)
    guard let first = rows.first, let last = rows.last else { return nil }
    return EventPage(events: rows.compactMap(event), begin: first.begin, end: last.position)
  }

  private func event(_ row: EventRow) -> Event? {
    do { return try Event(record: row.record, time: row.time) } catch {
      logger.error("an event cannot be read", metadata: ["position": "\(row.position)", "reason": "\(error)"])
      return nil
    }
  }
}

extension NewEventRow {
  init(_ event: Event) { self.init(time: event.time, record: event.record) }
}
