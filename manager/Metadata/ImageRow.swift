internal import GRDB

/// An image as the database keeps it.
public struct ImageRow: Equatable, Sendable {
  /// The digest of the image's configuration.
  public var id: String
  /// Everything else, as JSON text of the owner's choosing.
  public var record: String
  /// The canonical references that name it, sorted.
  public var references: [String]
  /// What it holds on to, by a key of the owner's choosing (a chain ID, a blob's digest), sorted.
  public var layers: [String]

  public init(id: String, record: String, references: [String] = [], layers: [String] = []) {
    self.id = id
    self.record = record
    self.references = references
    self.layers = layers
  }
}

extension Database {
  /// Adds or replaces an image, its layers, and gives it `row.references` on top of those it has; a reference that named another
  /// image names this one from now on.
  public func putImage(
    _ row: ImageRow, durability: Durability = .powerLoss, events: [NewEventRow] = []
  ) async throws {
    try await add("put image", durability) { database in
      try database.execute(
        sql: "INSERT INTO images (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",
        arguments: [row.id, row.record])
      try database.execute(sql: "DELETE FROM image_layers WHERE image_id = ?", arguments: [row.id])
      for layer in row.layers {
        try database.execute(
          sql: "INSERT OR IGNORE INTO image_layers (image_id, layer) VALUES (?, ?)", arguments: [row.id, layer])
      }
      for reference in row.references { try Self.name(reference, row.id, in: database) }
      try Self.add(events, in: database)
    }
  }

  /// Lets `reference` name the image `id`, whatever it named before.
  /// - Throws: ``MetadataError/notFound(_:key:)`` if there is no such image.
  public func putImageName(_ reference: String, id: String) async throws {
    try await add("name image", .powerLoss) { database in
      guard try Row.fetchOne(database, sql: "SELECT 1 FROM images WHERE id = ?", arguments: [id]) != nil else {
        throw MetadataError.notFound(.image, key: id)
      }
      try Self.name(reference, id, in: database)
    }
  }

  /// Removes one name; the image stays.
  /// - Returns: whether there was one.
  @discardableResult
  public func removeImageName(_ reference: String, events: [NewEventRow] = []) async throws -> Bool {
    try await write("remove image name", .powerLoss) { database in
      try database.execute(sql: "DELETE FROM image_names WHERE reference = ?", arguments: [reference])
      let wasThere = database.changesCount > 0
      try Self.add(events, in: database)
      return wasThere
    }
  }

  /// Removes the image and its names.
  /// - Returns: those of its layers that no other image holds, which can go after this.
  public func removeImage(id: String, events: [NewEventRow] = []) async throws -> [String] {
    try await write("remove image", .powerLoss) { database in
      let free = try String.fetchAll(
        database,
        sql: """
          SELECT layer FROM image_layers AS mine WHERE image_id = ?
          AND NOT EXISTS (SELECT 1 FROM image_layers WHERE layer = mine.layer AND image_id <> mine.image_id) ORDER BY layer
          """, arguments: [id])
      try database.execute(sql: "DELETE FROM images WHERE id = ?", arguments: [id])
      try Self.add(events, in: database)
      return free
    }
  }

  /// The id of the image that `reference` names, or nil.
  public func imageID(named reference: String) async throws -> String? {
    try await read("resolve image name") { database in
      try String.fetchOne(
        database, sql: "SELECT image_id FROM image_names WHERE reference = ?", arguments: [reference])
    }
  }

  /// The image with this very id, or nil.
  public func image(id: String) async throws -> ImageRow? {
    try await read("get image") { try Self.images($0, id: id).first }
  }

  /// All images by id, as `decode` makes them; those it throws for are moved to the quarantine and reported.
  public func images<Value: Sendable>(
    decode: @escaping @Sendable (ImageRow) throws -> Value
  ) async throws -> [Value] {
    let (good, bad) = try await read("list images") { database in
      Self.sort(try Self.images(database), .image, key: \.id, decode: decode)
    }
    for what in bad { try await setAsideImage(id: what.key, reason: what.reason) }
    return good
  }

  /// Every layer that an image holds: what else is on the disk was left by a removal that was killed.
  public func layersInUse() async throws -> Set<String> {
    try await read("list layers") { Set(try String.fetchAll($0, sql: "SELECT DISTINCT layer FROM image_layers")) }
  }

  /// The containers made from the image, by id.
  public func containerIDs(ofImage id: String) async throws -> [String] {
    try await read("list containers of image") { database in
      try String.fetchAll(database, sql: "SELECT id FROM containers WHERE image_id = ? ORDER BY id", arguments: [id])
    }
  }

  /// Moves the image with its names to the quarantine, and reports it.
  public func setAsideImage(id: String, reason: String) async throws {
    let what = SetAside(kind: .image, key: id, reason: reason)
    try await write("set image aside", .powerLoss) { database in
      let names = "(SELECT json_group_array(reference) FROM image_names WHERE image_id = images.id)"
      let layers = "(SELECT json_group_array(layer) FROM image_layers WHERE image_id = images.id)"
      let columns = "'id', id, 'record', record, 'references', json(\(names)), 'layers', json(\(layers))"
      try Self.quarantine(
        what, content: "SELECT json_object(\(columns)) AS content FROM images WHERE id = ?", arguments: [id],
        in: database)
      try database.execute(sql: "DELETE FROM images WHERE id = ?", arguments: [id])
    }
    tell([what])
  }

  private static func name(_ reference: String, _ id: String, in database: GRDB.Database) throws {
    try database.execute(
      sql: """
        INSERT INTO image_names (reference, image_id) VALUES (?, ?)
        ON CONFLICT (reference) DO UPDATE SET image_id = excluded.image_id
        """, arguments: [reference, id])
  }

  /// Three queries however many images there are.
  private static func images(_ database: GRDB.Database, id: String? = nil) throws -> [ImageRow] {
    let clause = id == nil ? "" : "WHERE image_id = ?"
    let arguments = StatementArguments(id.map { [$0] } ?? [])
    func grouped(_ table: String, _ column: String) throws -> [String: [String]] {
      let sql = "SELECT image_id, \(column) FROM \(table) \(clause) ORDER BY \(column)"
      let rows = try Row.fetchAll(database, sql: sql, arguments: arguments)
      return Dictionary(grouping: rows) { $0["image_id"] as String }.mapValues { $0.map { $0[column] } }
    }
    let names = try grouped("image_names", "reference")
    let layers = try grouped("image_layers", "layer")
    let sql = "SELECT id AS image_id, record FROM images \(id == nil ? "" : "WHERE id = ?") ORDER BY id"
    return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
      let id: String = row["image_id"]
      return ImageRow(id: id, record: row["record"], references: names[id] ?? [], layers: layers[id] ?? [])
    }
  }
}
