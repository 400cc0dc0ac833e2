internal import GRDB
internal import LinuxKernel

/// The manager's only database: one SQLite file in write-ahead-log mode (DESIGN.md §3 and §6).
///
/// Every call runs on a queue of SQLite's own, never on the cooperative pool. A write is one transaction: a process that is
/// killed inside it leaves the state before it. Cancelling the calling task rolls the transaction back and throws
/// `CancellationError`. Every other failure is a ``MetadataError``.
public struct Database: Sendable {
  /// What a committed transaction survives. The death of the process never loses one, whichever is chosen.
  public enum Durability: String, Sendable {
    /// Synced before the call returns (`synchronous=FULL`): for what the user was told exists, such as a container, a
    /// name or an image. Some hundreds of transactions a second.
    case powerLoss = "FULL"
    /// A power cut may lose the last moments (`synchronous=NORMAL`): for what a reboot makes meaningless anyway, such as
    /// the state of a running container or the lease of its address. Some thousands a second.
    case crash = "NORMAL"
  }

  let pool: DatabasePool
  private let reserve: SpaceReserve
  private let report: @Sendable (SetAside) -> Void

  /// Opens the file at `path`, making it (mode 0600) or bringing its tables up to date as needed.
  ///
  /// A file that SQLite finds damaged is moved, with its log, to a folder named `<path>.unreadable-<seconds since 1970>`, and a fresh database is
  /// begun: the daemon must be able to look after containers that still run. It is never deleted. All other reasons not to open
  /// (permissions, a full disk, a newer Proa's tables) are thrown, since they would pass or need a person.
  /// - Parameter report: is told of everything that was set aside, now and later; also see ``quarantined()``.
  public static func open(
    at path: String, report: @escaping @Sendable (SetAside) -> Void = { _ in }
  ) async throws -> Database {
    do {
      return Database(try await DatabaseFile.open(path), path, report)
    } catch let error as DatabaseError where DatabaseFile.isDamaged(error) {
      let folder = try DatabaseFile.setAside(path)
      report(SetAside(kind: .database, key: folder, reason: error.description))
      do {
        return Database(try await DatabaseFile.open(path), path, report)
      } catch let error as DatabaseError { throw MetadataError.cannotOpen(path: path, reason: error.description) }
    } catch let error as DatabaseError {
      throw MetadataError.cannotOpen(path: path, reason: error.description)
    }
  }

  private init(_ pool: DatabasePool, _ path: String, _ report: @escaping @Sendable (SetAside) -> Void) {
    self.pool = pool
    self.report = report
    reserve = SpaceReserve(of: "\(path)-wal")
  }

  /// Waits for running transactions and closes the file.
  /// - Throws: ``MetadataError/failed(operation:reason:)`` if a read is still going on.
  public func close() throws {
    do { try pool.close() } catch { throw MetadataError.failed(operation: "close", reason: "\(error)") }
  }
}

extension Database {
  func read<Value: Sendable>(
    _ operation: String, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
  ) async throws -> Value {
    do { return try await pool.read(body) } catch { throw Self.translated(error, operation) }
  }

  /// A write that makes the database longer: one that must leave the last space to those that remove things.
  func add<Value: Sendable>(
    _ operation: String, _ durability: Durability, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
  ) async throws -> Value {
    try await write(operation, durability) { [reserve] database in
      try reserve.checkFreeSpace()
      return try body(database)
    }
  }

  func write<Value: Sendable>(
    _ operation: String, _ durability: Durability, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
  ) async throws -> Value {
    do { return try await transact(operation, durability, body) } catch { throw Self.translated(error, operation) }
  }

  private func transact<Value: Sendable>(
    _ operation: String, _ durability: Durability, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
  ) async throws -> Value {
    try await pool.writeWithoutTransaction { [reserve] database in
      reserve.hold()
      // Per connection, and only outside a transaction; there is one writing connection, so that no other sees it.
      try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
      var value: Value?
      try database.inTransaction(.immediate) {
        value = try body(database)
        return .commit
      }
      guard let value else { throw MetadataError.failed(operation: operation, reason: "nothing was committed") }
      return value
    }
  }

  func tell(_ incidents: [SetAside]) { incidents.forEach(report) }

  private static func translated(_ error: any Error, _ operation: String) -> any Error {
    switch error {
    case let error as DatabaseError: MetadataError.failed(operation: operation, reason: error.description)
    case let error as SyscallError: MetadataError.failed(operation: operation, reason: error.description)
    default: error
    }
  }
}
