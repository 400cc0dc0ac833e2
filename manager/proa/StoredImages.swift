internal import Containers
package import Events
package import Images
internal import JSON
package import Metadata
package import OCIImageSpec

/// Keeps the records of images in the database.
package struct StoredImages: ImageCatalog {
  let database: Database
  let events: EventLog

  package init(_ database: Database, events: EventLog) {
    self.database = database
    self.events = events
  }

  package func records() async throws -> (records: [ImageRecord], isComplete: Bool) {
    let records = try await database.images { row in
      var record = try ImageRecord(jsonText: Array(row.record.utf8))
      record.names = try row.references.map { try Reference($0) }
      return record
    }
    let isComplete = try await !database.quarantined().contains { $0.what.kind == .image }
    return (records, isComplete)
  }

  package func put(_ record: ImageRecord, telling told: [ImageEvent]) async throws {
    let row = ImageRow(
      id: record.id.description, record: JSONWriter.string(record), references: record.names.map(\.canonical),
      layers: record.layers.map(\.digest.description))
    try await database.putImage(row, events: Self.rows(told))
    events.changed()
  }

  package func removeName(_ name: Reference, telling told: [ImageEvent]) async throws {
    try await database.removeImageName(name.canonical, events: Self.rows(told))
    events.changed()
  }

  package func remove(_ id: Digest, telling told: [ImageEvent]) async throws {
    _ = try await database.removeImage(id: id.description, events: Self.rows(told))
    events.changed()
  }

  package func tell(_ told: [ImageEvent]) async { await events.append(told.map(Self.event)) }

  private static func rows(_ told: [ImageEvent]) -> [NewEventRow] { told.map { NewEventRow(event($0)) } }

  private static func event(_ event: ImageEvent) -> Event {
    Event(
      kind: .image, action: event.action.rawValue, actor: event.id, attributes: event.attributes,
      time: Timestamp.now().nanoseconds)
  }
}
