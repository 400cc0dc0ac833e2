internal import Containers
internal import Metadata

/// Keeps container records in the database.
struct StoredContainers: ContainerRepository {
  let database: Metadata.Database

  func insert(_ record: ContainerRecord) async throws {
    try await translated { try await database.insertContainer(Self.row(record)) }
  }

  func update(_ record: ContainerRecord, durable: Bool) async throws {
    try await translated {
      try await database.updateContainer(Self.row(record), durability: durable ? .powerLoss : .crash)
    }
  }

  func remove(_ id: ContainerID) async throws { try await database.removeContainer(id: id.text, durability: .crash) }

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
