internal import GRDB

/// A container as the database keeps it.
public struct ContainerRow: Equatable, Sendable {
  public var id: String
  /// Unique among containers, without a leading slash.
  public var name: String
  /// Nanoseconds since 1970.
  public var createdAt: Int64
  public var imageID: String
  /// Everything else, as JSON text of the owner's choosing.
  public var record: String

  public init(id: String, name: String, createdAt: Int64, imageID: String, record: String) {
    self.id = id
    self.name = name
    self.createdAt = createdAt
    self.imageID = imageID
    self.record = record
  }
}

extension Database {
  /// Adds a container, and with it reserves its name.
  /// - Parameter events: are added to the log, or nothing is done.
  /// - Throws: ``MetadataError/nameInUse(name:owner:)``, ``MetadataError/exists(_:key:)``.
  public func insertContainer(
    _ row: ContainerRow, durability: Durability = .powerLoss, events: [NewEventRow] = []
  ) async throws {
    try await add("insert container", durability) { database in
      if try Self.containerExists(row.id, in: database) { throw MetadataError.exists(.container, key: row.id) }
      try Self.checkName(row.name, for: row.id, in: database)
      try database.execute(
        sql: "INSERT INTO containers (id, name, created_at, image_id, record) VALUES (?, ?, ?, ?, ?)",
        arguments: [row.id, row.name, row.createdAt, row.imageID, row.record])
      try Self.add(events, in: database)
    }
  }

  /// Replaces the container with `row.id`, for example under a new name.
  /// - Throws: ``MetadataError/notFound(_:key:)``, ``MetadataError/nameInUse(name:owner:)``.
  public func updateContainer(
    _ row: ContainerRow, durability: Durability = .crash, events: [NewEventRow] = []
  ) async throws {
    try await write("update container", durability) { database in
      try Self.checkName(row.name, for: row.id, in: database)
      try database.execute(
        sql: "UPDATE containers SET name = ?, created_at = ?, image_id = ?, record = ? WHERE id = ?",
        arguments: [row.name, row.createdAt, row.imageID, row.record, row.id])
      if database.changesCount == 0 { throw MetadataError.notFound(.container, key: row.id) }
      try Self.add(events, in: database)
    }
  }

  /// Removes the container and frees its name.
  /// - Returns: whether there was one.
  @discardableResult
  public func removeContainer(
    id: String, durability: Durability = .powerLoss, events: [NewEventRow] = []
  ) async throws -> Bool {
    try await write("remove container", durability) { database in
      try database.execute(sql: "DELETE FROM containers WHERE id = ?", arguments: [id])
      let wasThere = database.changesCount > 0
      try Self.add(events, in: database)
      return wasThere
    }
  }

  /// The container with this very id, or nil.
  public func container(id: String) async throws -> ContainerRow? {
    try await read("get container") { database in
      try Row.fetchOne(database, sql: "SELECT * FROM containers WHERE id = ?", arguments: [id]).map(ContainerRow.init)
    }
  }

  /// All containers, oldest first, as `decode` makes them; those it throws for are moved to the quarantine and reported.
  public func containers<Value: Sendable>(
    decode: @escaping @Sendable (ContainerRow) throws -> Value
  ) async throws -> [Value] {
    let (good, bad) = try await read("list containers") { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM containers ORDER BY created_at, id")
      return Self.sort(rows.map(ContainerRow.init), .container, key: \.id, decode: decode)
    }
    for what in bad { try await setAsideContainer(id: what.key, reason: what.reason) }
    return good
  }

  /// Moves the container's row to the quarantine, which frees its name, and reports it.
  public func setAsideContainer(id: String, reason: String) async throws {
    let what = SetAside(kind: .container, key: id, reason: reason)
    try await write("set container aside", .powerLoss) { database in
      let columns = "'id', id, 'name', name, 'created_at', created_at, 'image_id', image_id, 'record', record"
      try Self.quarantine(
        what, content: "SELECT json_object(\(columns)) AS content FROM containers WHERE id = ?", arguments: [id],
        in: database)
      try database.execute(sql: "DELETE FROM containers WHERE id = ?", arguments: [id])
    }
    tell([what])
  }

  private static func containerExists(_ id: String, in database: GRDB.Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT 1 FROM containers WHERE id = ?", arguments: [id]) ?? false
  }

  private static func checkName(_ name: String, for id: String, in database: GRDB.Database) throws {
    let sql = "SELECT id FROM containers WHERE name = ? AND id <> ?"
    if let owner = try String.fetchOne(database, sql: sql, arguments: [name, id]) {
      throw MetadataError.nameInUse(name: name, owner: owner)
    }
  }
}

extension ContainerRow {
  init(_ row: Row) {
    self.init(
      id: row["id"], name: row["name"], createdAt: row["created_at"], imageID: row["image_id"], record: row["record"])
  }
}
