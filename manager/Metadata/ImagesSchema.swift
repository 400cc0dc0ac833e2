internal import GRDB

/// Images, the names that point at them, and the layers they hold.
enum ImagesSchema {
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("images-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE images (
            id TEXT PRIMARY KEY NOT NULL,
            record TEXT NOT NULL
          ) STRICT;
          CREATE TABLE image_names (
            reference TEXT PRIMARY KEY NOT NULL,
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE
          ) STRICT;
          CREATE INDEX image_names_by_image ON image_names (image_id);
          CREATE TABLE image_layers (
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            layer TEXT NOT NULL,
            PRIMARY KEY (image_id, layer)
          ) STRICT;
          CREATE INDEX image_layers_by_layer ON image_layers (layer)
          """)
    }
  }
}
