internal import GRDB

/// A row is a lease of an address and the endpoint that uses it, or a network that somebody made. No foreign key to containers: the
/// domains do not know each other; and none to networks, of which some are in no table.
enum NetworksSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("networks-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE endpoints (
            network TEXT NOT NULL,
            container_id TEXT NOT NULL,
            address TEXT NOT NULL,
            record TEXT NOT NULL,
            PRIMARY KEY (network, container_id),
            UNIQUE (network, address)
          ) STRICT
          """)
    }
    migrator.registerMigration("networks-2") { database in
      try database.execute(
        sql: """
          CREATE TABLE networks (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE,
            record TEXT NOT NULL
          ) STRICT
          """)
    }
  }
}
