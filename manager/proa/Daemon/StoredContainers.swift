internal import Containers
internal import Events
internal import Metadata

/// Keeps container records in the database.
struct StoredContainers: ContainerRepository {
  let database: Metadata.Database
  let events: EventLog

  func insert(_ record: ContainerRecord, telling told: [ContainerEvent]) async throws {
    try await translated { try await database.insertContainer(Self.row(record), events: Self.rows(told)) }
    events.changed()
  }

  func update(_ record: ContainerRecord, durable: Bool, telling told: [ContainerEvent]) async throws {
    try await translated {
      try await database.updateContainer(
        Self.row(record), durability: durable ? .powerLoss : .crash, events: Self.rows(told))
    }
    events.changed()
  }

  func remove(_ id: ContainerID, telling told: [ContainerEvent]) async throws {
    try await database.removeContainer(id: id.text, durability: .crash, events: Self.rows(told))
    events.changed()
  }

  private static func rows(_ told: [ContainerEvent]) -> [NewEventRow] { told.map { NewEventRow(Event($0)) } }

  func all() async throws -> [ContainerRecord] { try await database.containers(decode: Self.record) }

  private static func row(_ record: ContainerRecord) -> ContainerRow {
    ContainerRow(
      id: record.id.text, name: record.name.text, createdAt: record.createdAt.nanoseconds, imageID: record.imageID,
      record: record.details)
  }

  private static func record(_ row: ContainerRow) throws -> ContainerRecord {
    guard let id = ContainerID(row.id) else {
      throw ContainerError.invalid("\"\(row.id)\" is no container's identifier")
    }
    return try ContainerRecord(
      id: id, name: try ContainerName(row.name), createdAt: Timestamp(nanoseconds: row.createdAt),
      imageID: row.imageID, details: row.record)
  }

  private func translated(_ body: () async throws -> Void) async throws {
    do { try await body() } catch MetadataError.nameInUse(let name, let owner) {
      guard let id = ContainerID(owner) else { throw ContainerError.conflict("the name \"\(name)\" is in use") }
      throw ContainerError.nameInUse(name: name, owner: id)
    }
  }
}
