import GRDB
import Testing

@testable import Metadata

struct EventsTests {
  private static let always = Int64.min...Int64.max

  private func events(
    _ database: Metadata.Database, after position: Int64 = 0, in times: ClosedRange<Int64> = always, size: Int = 1000
  ) async throws -> [EventRow] { try await database.events(after: position, in: times, size: size) }

  @Test func `events follow one another`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      #expect(try await database.endOfEvents() == 0)
      try await database.addEvents([NewEventRow(time: 5, record: "ab"), NewEventRow(time: 9, record: "cdé")])
      let all = try await events(database)
      #expect(all.map(\.record) == ["ab", "cdé"])
      #expect(all.map(\.begin) == [0, 2])
      #expect(try await database.endOfEvents() == 6)
      #expect(try await events(database, after: 2).map(\.record) == ["cdé"])
      #expect(try await events(database, in: 5...8).map(\.record) == ["ab"])
      #expect(try await events(database, size: 1).map(\.record) == ["ab"])
    }
  }

  @Test func `no two have the same time, and none an earlier one than the event before`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.addEvents([5, 5, 3].map { NewEventRow(time: $0, record: "x") })
      try await database.addEvents([NewEventRow(time: 1, record: "x"), NewEventRow(time: 20, record: "x")])
      #expect(try await events(database).map(\.time) == [5, 6, 7, 8, 20])
    }
  }

  @Test func `the oldest make room`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      let record = String(repeating: "x", count: 1 << 20)
      for time in 1...20 { try await database.addEvents([NewEventRow(time: Int64(time), record: record)]) }
      let kept = try await events(database, size: .max)
      #expect(kept.map(\.time) == Array(5...20))
      #expect(kept.reduce(0) { $0 + $1.record.utf8.count } == Int(Database.eventLogLimit))
      #expect(try await database.endOfEvents() == 20 << 20)
    }
  }

  @Test func `an event is there if its change is, and else neither`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      let row = ContainerRow(id: "a", name: "web", createdAt: 1, imageID: "i", record: "{}")
      try await database.insertContainer(row, events: [NewEventRow(time: 1, record: "create")])
      await #expect(throws: MetadataError.self) {
        try await database.insertContainer(row, events: [NewEventRow(time: 2, record: "again")])
      }
      try await database.updateContainer(row, events: [NewEventRow(time: 3, record: "start")])
      try await database.removeContainer(id: "a", events: [NewEventRow(time: 4, record: "destroy")])
      #expect(try await events(database).map(\.record) == ["create", "start", "destroy"])
    }
  }
}
