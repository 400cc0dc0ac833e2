import ImageFixtures
import Images
import Logging
import NIOCore
import NIOPosix
import OCIImageSpec
import Synchronization
import Testing

/// Images that were pulled or loaded, saved, and loaded again elsewhere.
struct SaveTests {
  private let registry = FakeRegistry()
  private let first = [UInt8](repeating: 0, count: 1024)
  private let second = [UInt8](repeating: 0, count: 2048)

  /// An engine's images, and what they are kept in.
  private struct Place {
    let catalog = MemoryCatalog()
    let blobs = MemoryBlobs()
    let images: ImageService

    init(_ registry: FakeRegistry) throws {
      images = ImageService(
        catalog: catalog, blobs: blobs, layers: try FolderLayers(), folder: "/tmp",
        platform: Platform(os: "linux", architecture: "amd64"), registry: registry, pool: .singleton,
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 1_700_000_000_000_000_000 })
    }

    func pull(_ name: String) async throws {
      try await images.pull(try await images.findRemote(try Reference(name)))
    }

    func save(_ names: String..., platform: Platform? = nil) async throws -> [UInt8] {
      let archive = Mutex<[UInt8]>([])
      try await images.save(try await images.select(names, for: platform)) { piece in
        archive.withLock { $0 += piece.readableBytesView }
      }
      return archive.withLock { $0 }
    }

    @discardableResult
    func load(_ archive: [UInt8]) async throws -> [ResolvedImage] {
      let pieces = AsyncStream<ByteBuffer> { stream in
        stream.yield(ByteBuffer(bytes: archive))
        stream.finish()
      }
      return try await images.load(try await images.receive(pieces))
    }
  }

  @Test func anImageIsTheSameElsewhere() async throws {
    await registry.put([first, second])
    let (here, there) = (try Place(registry), try Place(registry))
    try await here.pull("localhost:5000/test")
    try await there.load(try await here.save("localhost:5000/test"))
    let (image, copy) = (
      try await here.images.resolve("localhost:5000/test"), try await there.images.resolve("localhost:5000/test")
    )
    #expect(copy.id == image.id)
    // The manifest of the registry, too: pushed again it is the same image.
    #expect(copy.record.manifest == image.record.manifest)
    #expect(Set(there.blobs.list()) == Set(here.blobs.list()))
    #expect(copy.names.map(\.familiar) == ["localhost:5000/test:latest"])
    #expect(here.catalog.events.map(\.action) == [.pull, .save])
  }

  @Test func theSameImagesMakeTheSameArchive() async throws {
    await registry.put([first, second])
    let place = try Place(registry)
    try await place.pull("localhost:5000/test")
    try await place.images.tag("localhost:5000/test", as: try Reference("other:1"))
    #expect(try await place.save("other:1", "localhost:5000/test") == place.save("localhost:5000/test", "other:1"))
  }

  @Test func anImageWithoutAManifestGetsOne() async throws {
    let (here, there) = (try Place(registry), try Place(registry))
    try await here.load(ImageArchive.docker([first, second], names: ["test:1"]))
    try await there.load(try await here.save("test:1"))
    #expect(try await here.images.resolve("test:1").record.manifest == nil)
    #expect(try await there.images.resolve("test:1").record.manifest != nil)
  }

  @Test func whatIsHereIsNotKeptTwice() async throws {
    let place = try Place(registry)
    try await place.load(ImageArchive.docker([first, second], names: ["test:1"]))
    let before = Set(place.blobs.list())
    try await place.load(ImageArchive.layout([first, second], name: "docker.io/library/test:2"))
    #expect(Set(place.blobs.list()) == before)
    #expect(await place.images.list().map { $0.names.map(\.familiar) } == [["test:1", "test:2"]])
  }

  @Test(arguments: [
    (["test:1"], [["test:1"]]), (["test"], [["test:1", "test:2"]]), (["test:1", "test:1"], [["test:1"]]),
    (["test", "other:1"], [["other:1", "test:1", "test:2"]]), ([], []),
  ])
  func whatIsMeantIsSelected(_ names: [String], _ expected: [[String]]) async throws {
    let place = try Place(registry)
    try await place.load(ImageArchive.docker([first], names: ["test:1", "test:2", "other:1"]))
    let there = try Place(registry)
    let selection = try await place.images.select(names)
    let archive = Mutex<[UInt8]>([])
    try await place.images.save(selection) { piece in archive.withLock { $0 += piece.readableBytesView } }
    guard !expected.isEmpty else { return }
    try await there.load(archive.withLock { $0 })
    #expect(await there.images.list().map { $0.names.map(\.familiar) } == expected)
  }

  @Test func anIdentifierHasNoName() async throws {
    let place = try Place(registry)
    let image = try #require(try await place.load(ImageArchive.docker([first])).first)
    let there = try Place(registry)
    let copy = try #require(try await there.load(try await place.save(String(image.id.encoded.prefix(12)))).first)
    #expect(copy.id == image.id && copy.names.isEmpty)
  }

  @Test func whatIsNotThereIsNamed() async throws {
    let place = try Place(registry)
    try await place.load(ImageArchive.docker([first]))
    await #expect(throws: ImageError.notFound("nowhere")) { try await place.save("test", "nowhere") }
    let wanted = Platform(os: "linux", architecture: "s390x")
    let actual = Platform(os: "linux", architecture: "amd64")
    await #expect(throws: ImageError.otherPlatform(name: "test", actual: actual, wanted: wanted)) {
      try await place.save("test", platform: wanted)
    }
  }

  @Test func whatIsRemovedMeanwhileIsStillSaved() async throws {
    let (here, there) = (try Place(registry), try Place(registry))
    try await here.load(ImageArchive.docker([first, second], names: ["test:1"]))
    let archive = Mutex<[UInt8]>([])
    let images = here.images
    try await images.save(try await images.select(["test:1"])) { piece in
      if archive.withLock({ $0.isEmpty }) {
        _ = try await images.remove("test:1", force: true) { _ in .unused }
      }
      archive.withLock { $0 += piece.readableBytesView }
    }
    try await there.load(archive.withLock { $0 })
    #expect(here.blobs.list().isEmpty)
  }
}
