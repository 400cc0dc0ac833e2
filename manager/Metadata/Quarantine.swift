internal import GRDB
internal import Glibc

/// Something that could not be read and was put where nothing trips over it. It is never deleted.
public struct SetAside: Equatable, Sendable {
  public enum Kind: String, Sendable {
    case container, image, endpoint, network, volume, database
  }
  public var kind: Kind
  /// The record's key; for the database, the folder that its files were moved to.
  public var key: String
  /// Why it could not be read, for a person.
  public var reason: String

  public init(kind: Kind, key: String, reason: String) {
    self.kind = kind
    self.key = key
    self.reason = reason
  }
}

/// A record in the quarantine.
public struct QuarantinedRow: Equatable, Sendable {
  public var what: SetAside
  /// All columns of the record as a JSON object, as they were.
  public var content: String
  /// Seconds since 1970.
  public var setAsideAt: Int64
}

enum QuarantineSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("quarantine-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE quarantine (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            reason TEXT NOT NULL,
            set_aside_at INTEGER NOT NULL,
            content TEXT NOT NULL
          ) STRICT
          """)
    }
  }
}

extension Database {
  /// What was set aside, oldest first: for `GET /info`'s warnings.
  public func quarantined() async throws -> [QuarantinedRow] {
    try await read("list quarantine") { database in
      try Row.fetchAll(database, sql: "SELECT * FROM quarantine ORDER BY number").compactMap { row in
        guard let kind = SetAside.Kind(rawValue: row["kind"]) else { return nil }
        return QuarantinedRow(
          what: SetAside(kind: kind, key: row["key"], reason: row["reason"]), content: row["content"],
          setAsideAt: row["set_aside_at"])
      }
    }
  }

  /// Moves the rows that `select` (one column: the content) finds; part of the caller's transaction.
  static func quarantine(
    _ what: SetAside, content select: String, arguments: StatementArguments, in database: GRDB.Database
  ) throws {
    let sql =
      "INSERT INTO quarantine (kind, key, reason, set_aside_at, content) SELECT ?, ?, ?, ?, content FROM (\(select))"
    try database.execute(
      sql: sql, arguments: [what.kind.rawValue, what.key, what.reason, Int64(time(nil))] + arguments)
  }

  /// Decodes every row; those whose decoding throws are collected instead of failing the rest.
  static func sort<Source, Value>(
    _ rows: [Source], _ kind: SetAside.Kind, key: (Source) -> String, decode: (Source) throws -> Value
  ) -> (good: [Value], bad: [SetAside]) {
    var good: [Value] = []
    var bad: [SetAside] = []
    for row in rows {
      do { good.append(try decode(row)) } catch {
        bad.append(SetAside(kind: kind, key: key(row), reason: "\(error)"))
      }
    }
    return (good, bad)
  }
}
