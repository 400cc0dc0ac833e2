import Glibc
import LinuxKernel
import Logging
import NIOPosix
import Testing

@testable import Volumes

struct VolumeServiceTests {
  private func withService(
    _ store: MemoryVolumes = MemoryVolumes(), _ body: (VolumeService, _ root: String) async throws -> Void
  ) async throws {
    var template = Array("/tmp/proa-volumes-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    let root = String(cString: made)
    defer { try? Directory.removeTree(root) }  // The test has its verdict already.
    try await body(
      VolumeService(
        store: store, folder: root, threads: .singleton, log: Logger(label: "test"), measure: { _ in 7 },
        now: { 5 }), root)
  }

  /// What is there, sorted; nothing if that cannot be read.
  private func names(_ path: String) -> [String] { (try? Directory.names(path).sorted()) ?? [] }

  @Test func `a volume is made once and found by its name`() async throws {
    try await withService { service, root in
      async let first = service.make("one", labels: ["a": "b"], isAnonymous: false)
      async let second = service.make("one", labels: [:], isAnonymous: false)
      let made = [try await first.name, try await second.name]
      #expect(made == ["one", "one"])
      #expect(await service.all.count == 1)
      #expect(service.path("one") == "\(root)/one/_data")
      #expect(names(root) == ["one"])
      #expect(try await service.make("", labels: [:], isAnonymous: true).name.count == 64)
    }
  }

  @Test func `all who want one at once get it, also while it is removed`() async throws {
    try await withService { service, _ in
      for round in 0..<20 {
        _ = try await service.make("wanted", labels: [:], isAnonymous: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { _ = try await service.prune { _ in true } }
          for index in 0..<10 {
            group.addTask {
              _ = try await service.make("wanted", labels: [:], isAnonymous: true, for: "\(round) \(index)")
              _ = try await service.volume("wanted")
            }
          }
          try await group.waitForAll()
        }
        #expect(await service.users(of: "wanted").count == 10)
        for index in 0..<10 { await service.release("wanted", by: "\(round) \(index)") }
      }
    }
  }

  @Test func `who cannot have one does not use it`() async throws {
    try await withService { service, _ in
      await #expect(throws: VolumeError.self) {
        try await service.make("..", labels: [:], isAnonymous: false, for: "c")
      }
      #expect(await service.users(of: "..").isEmpty)
    }
  }

  @Test func `one that is used stays`() async throws {
    try await withService { service, _ in
      _ = try await service.make("used", labels: [:], isAnonymous: true)
      try await service.use("used", by: "c")
      await #expect(throws: VolumeError.inUse(name: "used", containers: ["c"])) { try await service.remove("used") }
      let kept = try await service.prune { _ in true }
      #expect(kept.names.isEmpty)
      await service.release("used", by: "c")
      let pruned = try await service.prune { _ in true }
      #expect(pruned.names == ["used"] && pruned.reclaimed == 7)
      await #expect(throws: VolumeError.notFound("used")) { try await service.remove("used") }
    }
  }

  @Test func `a removal that is not recorded is none`() async throws {
    let store = MemoryVolumes()
    try await withService(store) { service, root in
      _ = try await service.make("kept", labels: [:], isAnonymous: false)
      close(creat("\(root)/kept/_data/file", 0o600))
      store.refuse(true)
      await #expect(throws: MemoryVolumes.Refusal.self) { try await service.remove("kept") }
      #expect(names("\(root)/kept/_data") == ["file"])
      #expect(try await service.volume("kept").name == "kept")
    }
  }

  @Test func `a volume that cannot be removed does not end a prune`() async throws {
    let store = MemoryVolumes()
    try await withService(store) { service, _ in
      for name in ["first", "kept", "last"] { _ = try await service.make(name, labels: [:], isAnonymous: true) }
      store.refuse("kept")
      let pruned = try await service.prune { _ in true }
      #expect(pruned.names.sorted() == ["first", "last"] && pruned.reclaimed == 14)
      #expect(try await service.volume("kept").name == "kept")
    }
  }

  @Test func `what a killed process left is finished or taken back`() async throws {
    let store = MemoryVolumes([Volume(name: "known", createdAt: 1), Volume(name: "half", createdAt: 1)])
    try await withService(store) { service, root in
      try Directory.make("\(root)/.removed-known/_data")
      close(creat("\(root)/.removed-known/_data/file", 0o600))
      try Directory.make("\(root)/.removed-unknown/_data")
      try Directory.make("\(root)/half/_data~1/deep")
      try Directory.make("\(root)/stray/_data")
      try await service.restore()
      #expect(await service.all.map(\.name) == ["half", "known", "stray"])
      #expect(names(root) == ["half", "known", "stray"])
      #expect(names("\(root)/known/_data") == ["file"])
      #expect(names("\(root)/half") == ["_data"])
      #expect(store.names == ["half", "known", "stray"])
    }
  }

  @Test func `a folder that is gone is made anew as it was asked for, and one that is there stays`() async throws {
    // What any user may do: 0755 is what it would have otherwise.
    let store = MemoryVolumes(["gone", "kept"].map { Volume(name: $0, createdAt: 1, options: ["mode": "2710"]) })
    try await withService(store) { service, root in
      try Directory.make("\(root)/kept/_data", mode: 0o700)
      try await service.restore()
      #expect(try FileStatus.of("\(root)/gone/_data")?.permissions == 0o2710)
      #expect(try FileStatus.of("\(root)/kept/_data")?.permissions == 0o700)
    }
  }

  @Test func `it is filled once, and not at all if that fails`() async throws {
    try await withService { service, root in
      _ = try await service.make("full", labels: [:], isAnonymous: false)
      try await service.use("full", by: "c")
      await #expect(throws: MemoryVolumes.Refusal.self) {
        try await service.fill("full", for: "c") { folder in
          try folder.makeDirectory(at: "half", mode: 0o700)
          throw MemoryVolumes.Refusal()
        }
      }
      #expect(names("\(root)/full/_data").isEmpty)
      for name in ["first", "second"] {
        try await service.fill("full", for: "c") { folder in
          try folder.makeDirectory(at: name, mode: 0o700)
          return true
        }
      }
      #expect(names("\(root)/full/_data") == ["first"])
      #expect(names("\(root)/full") == ["_data"])
    }
  }

  @Test func `a folder that others have stays the same one`() async throws {
    try await withService { service, root in
      _ = try await service.make("shared", labels: [:], isAnonymous: false)
      for container in ["a", "b"] { try await service.use("shared", by: container) }
      let before = try FileStatus.of("\(root)/shared/_data")?.inode
      try await service.fill("shared", for: "b") { folder in
        try folder.makeDirectory(at: "file", mode: 0o700)
        return true
      }
      let after = try FileStatus.of("\(root)/shared/_data")?.inode
      #expect(after == before)
      #expect(names("\(root)/shared/_data") == ["file"])
    }
  }

  @Test(arguments: ["a", "..", ".x", "a/b", "a b", "é1", String(repeating: "a", count: 256)])
  func `no name leads out of the folder`(name: String) async throws {
    try await withService { service, root in
      await #expect(throws: VolumeError.self) { try await service.make(name, labels: [:], isAnonymous: false) }
      #expect(names(root).isEmpty)
    }
  }
}
