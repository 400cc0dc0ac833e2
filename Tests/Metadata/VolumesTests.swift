import GRDB
import Metadata
import Testing

struct VolumesTests {
  @Test func `a name is a volume's until that is removed`() async throws {
    try await withDatabasePath { path in
      let database = try await Metadata.Database.open(at: path)
      let row = VolumeRow(name: "one", record: "{}")
      try await database.insertVolume(row)
      await #expect(throws: MetadataError.exists(.volume, key: "one")) { try await database.insertVolume(row) }
      #expect(try await database.volumes { $0 } == [row])
      try await database.removeVolume("one")
      try await database.removeVolume("one")
      #expect(try await database.volumes { $0 }.isEmpty)
    }
  }

  @Test func `what cannot be read is set aside`() async throws {
    try await withDatabasePath { path in
      let incidents = Incidents()
      let database = try await Metadata.Database.open(at: path, report: incidents.append)
      for name in ["bad", "good"] { try await database.insertVolume(VolumeRow(name: name, record: name)) }
      let names = try await database.volumes { row in
        guard row.record == "good" else { throw MetadataError.notFound(.volume, key: row.name) }
        return row.name
      }
      #expect(names == ["good"])
      #expect(incidents.all.map(\.key) == ["bad"])
      #expect(try await database.volumes { $0.name } == ["good"])
    }
  }
}
