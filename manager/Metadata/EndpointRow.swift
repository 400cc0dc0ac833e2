internal import GRDB

/// A container's place on a network as the database keeps it.
public struct EndpointRow: Equatable, Sendable {
  public var network: String
  public var containerID: String
  /// Unique on its network, in the family's usual notation.
  public var address: String
  /// Everything else, as JSON text of the owner's choosing.
  public var record: String

  public init(network: String, containerID: String, address: String, record: String) {
    self.network = network
    self.containerID = containerID
    self.address = address
    self.record = record
  }
}

extension Database {
  /// Adds or replaces the container's endpoint on the network. No lease outlives a reboot, so the crash of the process is all it must survive.
  /// - Throws: ``MetadataError/addressInUse(network:address:owner:)``.
  public func putEndpoint(_ row: EndpointRow) async throws {
    try await add("put endpoint", .crash) { database in
      let sql = "SELECT container_id FROM endpoints WHERE network = ? AND address = ? AND container_id <> ?"
      if let owner = try String.fetchOne(database, sql: sql, arguments: [row.network, row.address, row.containerID]) {
        throw MetadataError.addressInUse(network: row.network, address: row.address, owner: owner)
      }
      try database.execute(
        sql: """
          INSERT INTO endpoints (network, container_id, address, record) VALUES (?, ?, ?, ?)
          ON CONFLICT (network, container_id) DO UPDATE SET address = excluded.address, record = excluded.record
          """, arguments: [row.network, row.containerID, row.address, row.record])
    }
  }

  /// Removes the container's endpoint and frees its address.
  /// - Returns: whether there was one.
  @discardableResult
  public func removeEndpoint(network: String, containerID: String) async throws -> Bool {
    try await write("remove endpoint", .crash) { database in
      try database.execute(
        sql: "DELETE FROM endpoints WHERE network = ? AND container_id = ?", arguments: [network, containerID])
      return database.changesCount > 0
    }
  }

  /// The endpoints of all networks, as `decode` makes them; those it throws for are moved to the quarantine and reported.
  public func endpoints<Value: Sendable>(
    decode: @escaping @Sendable (EndpointRow) throws -> Value
  ) async throws -> [Value] {
    let (good, bad) = try await read("list endpoints") { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM endpoints ORDER BY network, container_id")
      return Self.sort(rows.map(EndpointRow.init), .endpoint, key: \.key, decode: decode)
    }
    for what in bad { try await setAsideEndpoint(key: what.key, reason: what.reason) }
    return good
  }

  private func setAsideEndpoint(key: String, reason: String) async throws {
    let what = SetAside(kind: .endpoint, key: key, reason: reason)
    try await write("set endpoint aside", .crash) { database in
      let columns = "'network', network, 'container_id', container_id, 'address', address, 'record', record"
      let clause = "FROM endpoints WHERE network || '/' || container_id = ?"
      try Self.quarantine(
        what, content: "SELECT json_object(\(columns)) AS content \(clause)", arguments: [key], in: database)
      try database.execute(sql: "DELETE \(clause)", arguments: [key])
    }
    tell([what])
  }
}

extension EndpointRow {
  var key: String { "\(network)/\(containerID)" }

  init(_ row: Row) {
    self.init(
      network: row["network"], containerID: row["container_id"], address: row["address"], record: row["record"])
  }
}
