internal import GRDB

/// A log: a row's position is the sum of the lengths of all records up to it, so that the log's length in bytes is known.
enum EventsSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("events-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE events (
            position INTEGER PRIMARY KEY NOT NULL,
            time INTEGER NOT NULL UNIQUE,
            record TEXT NOT NULL
          ) STRICT
          """)
    }
  }
}
