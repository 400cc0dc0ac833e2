package import Images
internal import JSON
package import Metadata
package import OCIImageSpec

/// Keeps the records of images in the database.
package struct StoredImages: ImageCatalog {
  let database: Database

  package init(_ database: Database) { self.database = database }

  package func records() async throws -> (records: [ImageRecord], isComplete: Bool) {
    let records = try await database.images { row in
      var record = try ImageRecord(jsonText: Array(row.record.utf8))
      record.names = try row.references.map { try Reference($0) }
      return record
    }
    let isComplete = try await !database.quarantined().contains { $0.what.kind == .image }
    return (records, isComplete)
  }

  package func put(_ record: ImageRecord) async throws {
    try await database.putImage(
      ImageRow(
        id: record.id.description, record: JSONWriter.string(record), references: record.names.map(\.canonical),
        layers: record.layers.map(\.digest.description)))
  }

  package func removeName(_ name: Reference) async throws { try await database.removeImageName(name.canonical) }

  package func remove(_ id: Digest) async throws { _ = try await database.removeImage(id: id.description) }
}
