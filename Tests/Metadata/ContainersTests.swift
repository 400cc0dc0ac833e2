import Metadata
import Testing

struct ContainersTests {
  @Test func `a container comes back as it was put, and is gone when removed`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.insertContainer(row("b", created: 2))
      try await database.insertContainer(row("a", created: 3))
      #expect(try await database.container(id: "a") == row("a", created: 3))
      #expect(try await database.containers { $0.id } == ["b", "a"])
      #expect(try await database.removeContainer(id: "a"))
      #expect(try await !database.removeContainer(id: "a"))
      #expect(try await database.container(id: "a") == nil)
    }
  }

  @Test func `a name has one owner until it is removed`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.insertContainer(row("a", name: "web"))
      await #expect(throws: MetadataError.nameInUse(name: "web", owner: "a")) {
        try await database.insertContainer(row("b", name: "web"))
      }
      await #expect(throws: MetadataError.exists(.container, key: "a")) {
        try await database.insertContainer(row("a", name: "other"))
      }
      try await database.removeContainer(id: "a")
      try await database.insertContainer(row("b", name: "web"))
    }
  }

  @Test func `of many who want one name, one gets it`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      let winners = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<20 {
          group.addTask { (try? await database.insertContainer(row("\(number)", name: "web"))) != nil }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(winners == 1)
      #expect(try await database.containers { $0.name } == ["web"])
    }
  }

  @Test func `a rename keeps the record, a taken name and a missing container are refused`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.insertContainer(row("a", name: "one"))
      try await database.insertContainer(row("b", name: "two"))
      try await database.updateContainer(row("a", name: "three"))
      #expect(try await database.container(id: "a")?.name == "three")
      await #expect(throws: MetadataError.nameInUse(name: "two", owner: "b")) {
        try await database.updateContainer(row("a", name: "two"))
      }
      await #expect(throws: MetadataError.notFound(.container, key: "x")) {
        try await database.updateContainer(row("x"))
      }
    }
  }

  struct Unreadable: Error, CustomStringConvertible { let description = "record has no state" }

  @Test func `a record that cannot be decoded is set aside whole, reported, and frees its name`() async throws {
    try await withDatabasePath { path in
      let incidents = Incidents()
      let database = try await Database.open(at: path, report: incidents.append)
      try await database.insertContainer(row("good"))
      try await database.insertContainer(row("bad", name: "web"))
      let ids = try await database.containers { row in
        guard row.id != "bad" else { throw Unreadable() }
        return row.id
      }
      #expect(ids == ["good"])
      let what = SetAside(kind: .container, key: "bad", reason: "record has no state")
      #expect(incidents.all == [what])
      let kept = try #require(try await database.quarantined().first)
      #expect(kept.what == what)
      #expect(kept.content.contains(#""record":"{\"id\":\"bad\"}""#))
      #expect(kept.setAsideAt > 1_700_000_000)
      try await database.insertContainer(row("new", name: "web"))
    }
  }
}
