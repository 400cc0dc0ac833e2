internal import GRDB

/// A row is a volume. Its files are in a folder of its name.
enum VolumesSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("volumes-1") { database in
      try database.execute(
        sql: "CREATE TABLE volumes (name TEXT PRIMARY KEY NOT NULL, record TEXT NOT NULL) STRICT")
    }
  }
}
