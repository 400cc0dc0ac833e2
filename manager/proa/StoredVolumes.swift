internal import Containers
internal import Events
internal import JSON
internal import Metadata
internal import Volumes

/// Keeps the volumes of ``Volumes/VolumeService`` in the database.
struct StoredVolumes: VolumeStore {
  let database: Metadata.Database
  let events: EventLog

  func insert(_ volume: Volume) async throws {
    try await database.insertVolume(
      VolumeRow(name: volume.name, record: volume.details), events: [NewEventRow(Self.event("create", volume))])
    events.changed()
  }

  func remove(_ volume: Volume) async throws {
    try await database.removeVolume(volume.name, events: [NewEventRow(Self.event("destroy", volume))])
    events.changed()
  }

  func all() async throws -> [Volume] {
    try await database.volumes { row in try Volume(name: row.name, details: row.record) }
  }

  func pruned(reclaimed: Int64) async {
    await events.append([
      Event(
        kind: .volume, action: "prune", actor: "", attributes: ["reclaimed": "\(reclaimed)"],
        time: Timestamp.now().nanoseconds)
    ])
  }

  private static func event(_ action: String, _ volume: Volume) -> Event {
    Event(
      kind: .volume, action: action, actor: volume.name, attributes: ["driver": Volume.driver],
      time: Timestamp.now().nanoseconds)
  }
}
