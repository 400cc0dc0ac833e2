internal import GRDB

/// One row per container. What is a column is looked up or unique; all else is in the record.
enum ContainersSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("containers-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE containers (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            image_id TEXT NOT NULL,
            record TEXT NOT NULL
          ) STRICT
          """)
      try database.execute(sql: "CREATE INDEX containers_by_image ON containers (image_id)")
    }
  }
}
