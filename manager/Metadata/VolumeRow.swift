internal import GRDB

/// A volume as the database keeps it.
public struct VolumeRow: Equatable, Sendable {
  public var name: String
  /// Everything else, as JSON text of the owner's choosing.
  public var record: String

  public init(name: String, record: String) {
    self.name = name
    self.record = record
  }
}

extension Database {
  /// - Throws: ``MetadataError/exists(_:key:)``.
  public func insertVolume(_ row: VolumeRow, events: [NewEventRow] = []) async throws {
    try await add("insert volume", .powerLoss) { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO volumes (name, record) VALUES (?, ?)", arguments: [row.name, row.record])
      guard database.changesCount > 0 else { throw MetadataError.exists(.volume, key: row.name) }
      try Self.add(events, in: database)
    }
  }

  /// Removes a volume; one that is not there is fine.
  public func removeVolume(_ name: String, events: [NewEventRow] = []) async throws {
    try await write("remove volume", .powerLoss) { database in
      try database.execute(sql: "DELETE FROM volumes WHERE name = ?", arguments: [name])
      try Self.add(events, in: database)
    }
  }

  /// All volumes by name, as `decode` makes them; those it throws for are moved to the quarantine and reported.
  public func volumes<Value: Sendable>(
    decode: @escaping @Sendable (VolumeRow) throws -> Value
  ) async throws -> [Value] {
    let (good, bad) = try await read("list volumes") { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM volumes ORDER BY name")
      return Self.sort(
        rows.map { VolumeRow(name: $0["name"], record: $0["record"]) }, .volume, key: \.name, decode: decode)
    }
    for what in bad { try await setAsideVolume(what) }
    return good
  }

  private func setAsideVolume(_ what: SetAside) async throws {
    try await write("set volume aside", .powerLoss) { database in
      let content = "SELECT json_object('name', name, 'record', record) AS content FROM volumes WHERE name = ?"
      try Self.quarantine(what, content: content, arguments: [what.key], in: database)
      try database.execute(sql: "DELETE FROM volumes WHERE name = ?", arguments: [what.key])
    }
    tell([what])
  }
}
