internal import GRDB

/// A network as the database keeps it.
public struct NetworkRow: Equatable, Sendable {
  public var id: String
  public var name: String
  /// Everything, as JSON text of the owner's choosing.
  public var record: String

  public init(id: String, name: String, record: String) {
    self.id = id
    self.name = name
    self.record = record
  }
}

extension Database {
  /// - Throws: ``MetadataError/exists(_:key:)`` for an identifier or a name that is there.
  public func insertNetwork(_ row: NetworkRow, events: [NewEventRow] = []) async throws {
    try await add("insert network", .powerLoss) { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO networks (id, name, record) VALUES (?, ?, ?)",
        arguments: [row.id, row.name, row.record])
      guard database.changesCount > 0 else { throw MetadataError.exists(.network, key: row.name) }
      try Self.add(events, in: database)
    }
  }

  /// Removes a network; one that is not there is fine.
  public func removeNetwork(_ id: String, events: [NewEventRow] = []) async throws {
    try await write("remove network", .powerLoss) { database in
      try database.execute(sql: "DELETE FROM networks WHERE id = ?", arguments: [id])
      try Self.add(events, in: database)
    }
  }

  /// All networks, as `decode` makes them; those it throws for are moved to the quarantine and reported.
  public func networks<Value: Sendable>(
    decode: @escaping @Sendable (NetworkRow) throws -> Value
  ) async throws -> [Value] {
    let (good, bad) = try await read("list networks") { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM networks ORDER BY id")
      return Self.sort(
        rows.map { NetworkRow(id: $0["id"], name: $0["name"], record: $0["record"]) }, .network, key: \.id,
        decode: decode)
    }
    for what in bad { try await setAsideNetwork(what) }
    return good
  }

  private func setAsideNetwork(_ what: SetAside) async throws {
    try await write("set network aside", .powerLoss) { database in
      let content =
        "SELECT json_object('id', id, 'name', name, 'record', record) AS content FROM networks WHERE id = ?"
      try Self.quarantine(what, content: content, arguments: [what.key], in: database)
      try database.execute(sql: "DELETE FROM networks WHERE id = ?", arguments: [what.key])
    }
    tell([what])
  }
}
