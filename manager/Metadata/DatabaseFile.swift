internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import LinuxKernel

/// The database as a file: opening, checking, bringing up to date, moving aside.
enum DatabaseFile {
  static func open(_ path: String) async throws -> DatabasePool {
    // Made here and not by SQLite: records hold the environment of containers, secrets included, and the log takes the mode of the file.
    do { _ = try FileDescriptor.open(path, [.readWrite, .create, .noFollow], mode: 0o600) } catch {
      throw MetadataError.cannotOpen(path: path, reason: error.description)
    }
    guard isExclusive else {
      throw MetadataError.cannotOpen(path: path, reason: "SQLite has no way to use it alone (unix-excl)")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    try await check(pool)
    try await migrate(pool, path)
    return pool
  }

  static func isDamaged(_ error: DatabaseError) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode.primaryResultCode)
  }

  /// Moves the file and what belongs to it into a new folder beside it, and says which.
  static func setAside(_ path: String) throws -> String {
    var folder = "\(path).unreadable-\(time(nil))"
    var attempt = 0
    while mkdir(folder, 0o700) < 0 {
      guard errno == EEXIST, attempt < 100 else {
        throw MetadataError.cannotOpen(path: folder, reason: String(cString: strerror(errno)))
      }
      attempt += 1
      folder = "\(path).unreadable-\(time(nil)).\(attempt)"
    }
    let name = path.split(separator: "/").last ?? "proa.db"
    // The log first: SQLite would replay it into, or delete it beside, a fresh file of the same name.
    for suffix in ["-wal", "-shm", ""] where rename(path + suffix, "\(folder)/\(name)\(suffix)") < 0 && errno != ENOENT
    {
      throw MetadataError.cannotOpen(path: path + suffix, reason: String(cString: strerror(errno)))
    }
    return folder
  }

  /// This process uses the file alone. SQLite then keeps the index of its log in memory; else it maps a file, and to touch
  /// that on a full disk can be a SIGBUS.
  private static let isExclusive = sqlite3_vfs_register(sqlite3_vfs_find("unix-excl"), 1) == SQLITE_OK

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "proa.metadata"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    return configuration
  }

  /// A damaged page is better found now than by the removal of a container in a month; costs milliseconds per ten megabytes.
  private static func check(_ pool: DatabasePool) async throws {
    let verdict = try await pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
  }

  private static func migrate(_ pool: DatabasePool, _ path: String) async throws {
    var migrator = DatabaseMigrator()
    QuarantineSchema.register(in: &migrator)
    ContainersSchema.register(in: &migrator)
    ImagesSchema.register(in: &migrator)
    NetworksSchema.register(in: &migrator)
    EventsSchema.register(in: &migrator)
    VolumesSchema.register(in: &migrator)
    let complete = migrator
    if try await pool.read({ try complete.hasBeenSuperseded($0) }) {
      throw MetadataError.cannotOpen(
        path: path, reason: "a newer version of Proa wrote it; start that version, or move the file away")
    }
    try complete.migrate(pool)
  }
}
