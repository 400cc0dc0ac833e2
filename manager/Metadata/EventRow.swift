internal import GRDB

/// An event as it is given to the log.
public struct NewEventRow: Equatable, Sendable {
  /// Nanoseconds since 1970; made later if the log has one that is not earlier.
  public var time: Int64
  /// Everything else, as JSON text of the owner's choosing.
  public var record: String

  public init(time: Int64, record: String) {
    self.time = time
    self.record = record
  }
}

/// An event as the log has it.
public struct EventRow: Equatable, Sendable {
  /// Behind the event in the log: it begins by its record's length in UTF-8 before that.
  public var position: Int64
  /// Later than that of every event before.
  public var time: Int64
  public var record: String

  /// The position behind the event before.
  public var begin: Int64 { position - Int64(record.utf8.count) }
}

extension Database {
  /// The most bytes of records that the log keeps.
  public static let eventLogLimit: Int64 = 16 << 20

  /// Adds events to the log; the oldest make room for them.
  public func addEvents(_ events: [NewEventRow]) async throws {
    try await write("add events", .crash) { try Self.add(events, in: $0) }
  }

  /// As part of the caller's transaction.
  static func add(_ events: [NewEventRow], in database: GRDB.Database) throws {
    guard !events.isEmpty else { return }
    let newest = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT position, time FROM events ORDER BY position DESC LIMIT 1"))
    var position: Int64 = newest?["position"] ?? 0
    var time: Int64 = newest?["time"] ?? .min
    for event in events {
      position += Int64(event.record.utf8.count)
      // Somebody may have set the clock back: who asks for what came after an event must be told of this one.
      time = max(event.time, time == .min ? time : time + 1)
      try database.cachedStatement(sql: "INSERT INTO events (position, time, record) VALUES (?, ?, ?)")
        .execute(arguments: [position, time, event.record])
    }
    try database.cachedStatement(sql: "DELETE FROM events WHERE position <= ?")
      .execute(arguments: [position - eventLogLimit])
  }

  /// The position behind the newest event; 0 if there never was one.
  public func endOfEvents() async throws -> Int64 {
    try await read("find the end of the events") {
      try Int64.fetchOne($0.cachedStatement(sql: "SELECT MAX(position) FROM events")) ?? 0
    }
  }

  /// The first events behind `position` whose times are in `times`: at least one if there is one, and until their records
  /// have `size` bytes.
  public func events(after position: Int64, in times: ClosedRange<Int64>, size: Int) async throws -> [EventRow] {
    try await read("list events") { database in
      let rows = try Row.fetchCursor(
        database.cachedStatement(
          sql: "SELECT * FROM events WHERE position > ? AND time BETWEEN ? AND ? ORDER BY position"),
        arguments: [position, times.lowerBound, times.upperBound])
      var (events, total): ([EventRow], Int) = ([], 0)
      while total < size, let row = try rows.next() {
        let event = EventRow(position: row["position"], time: row["time"], record: row["record"])
        total += event.record.utf8.count
        events.append(event)
      }
      return events
    }
  }
}
