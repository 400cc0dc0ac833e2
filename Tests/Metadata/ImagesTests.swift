import Metadata
import Testing

struct ImagesTests {
  private let first = ImageRow(id: "sha256:1", record: "{}", references: ["a:1", "a:2"], layers: ["base", "one"])
  private let second = ImageRow(id: "sha256:2", record: "{}", references: ["b:1"], layers: ["base", "two"])

  @Test func `an image comes back with its names and layers`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putImage(first)
      try await database.putImage(second)
      #expect(try await database.image(id: first.id) == first)
      #expect(try await database.images { $0 } == [first, second])
      #expect(try await database.imageID(named: "b:1") == second.id)
      #expect(try await database.imageID(named: "c:1") == nil)
    }
  }

  @Test func `a name moves to the image that took it last`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putImage(first)
      try await database.putImage(second)
      try await database.putImageName("a:1", id: second.id)
      #expect(try await database.image(id: first.id)?.references == ["a:2"])
      #expect(try await database.image(id: second.id)?.references == ["a:1", "b:1"])
      #expect(try await database.removeImageName("a:1"))
      #expect(try await database.imageID(named: "a:1") == nil)
      await #expect(throws: MetadataError.notFound(.image, key: "sha256:9")) {
        try await database.putImageName("a:1", id: "sha256:9")
      }
    }
  }

  @Test func `a layer is free when its last image goes`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putImage(first)
      try await database.putImage(second)
      #expect(try await database.removeImage(id: first.id) == ["one"])
      #expect(try await database.imageID(named: "a:1") == nil)
      #expect(try await database.layersInUse() == ["base", "two"])
      #expect(try await database.removeImage(id: second.id) == ["base", "two"])
      #expect(try await database.layersInUse().isEmpty)
    }
  }

  @Test func `an image knows the containers made from it`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.insertContainer(row("a"))
      #expect(try await database.containerIDs(ofImage: "sha256:i") == ["a"])
      #expect(try await database.containerIDs(ofImage: "sha256:1").isEmpty)
    }
  }

  struct Unreadable: Error {}

  @Test func `an image that cannot be decoded is set aside with its names`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putImage(first)
      #expect(try await database.images { _ -> Int in throw Unreadable() }.isEmpty)
      let kept = try #require(try await database.quarantined().first)
      #expect(kept.content.contains(#""references":["a:1","a:2"],"layers":["base","one"]"#))
      #expect(try await database.imageID(named: "a:1") == nil)
    }
  }
}
