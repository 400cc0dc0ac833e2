import ImageFixtures
import Images
import Logging
import NIOPosix
import OCIImageSpec
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PullTests {
  private let registry = FakeRegistry()
  private let catalog = MemoryCatalog()
  private let blobs = MemoryBlobs()
  private let layers: FolderLayers
  private let images: ImageService
  private let name: Reference
  /// Archives with nothing in them, of different lengths.
  private let first = [UInt8](repeating: 0, count: 1024)
  private let second = [UInt8](repeating: 0, count: 2048)

  init() throws {
    layers = try FolderLayers()
    name = try Reference("localhost:5000/test")
    images = ImageService(
      catalog: catalog, blobs: blobs, layers: layers, folder: "/tmp",
      platform: Platform(os: "linux", architecture: "amd64"), registry: registry, pool: .singleton,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 1_700_000_000_000_000_000 })
  }

  private func pull() async throws -> [PullProgress] {
    let told = Mutex<[PullProgress]>([])
    try await images.pull(try await images.findRemote(name)) { event in told.withLock { $0.append(event) } }
    return told.withLock { $0 }
  }

  @Test func anImageComes() async throws {
    let id = await registry.put([first, second])
    let told = try await pull()
    let image = try await images.resolve("localhost:5000/test")
    #expect(image.id == id)
    #expect(image.names.count == 2)
    #expect(image.record.layers.map(\.digest) == [first, second].map(ImageArchive.digest))
    #expect(blobs.list().count == 4)
    #expect(blobs.partialSizes.isEmpty)
    #expect(told.first == .began(reference: "latest", path: "test"))
    #expect(told.contains(.layer(ImageArchive.digest(second), .unpacked)))
    #expect(catalog.events.map(\.action) == [.pull])
    #expect(catalog.events.map(\.id) == ["localhost:5000/test:latest"])
  }

  @Test func whatIsHereIsNotFetchedAgain() async throws {
    await registry.put([first])
    _ = try await pull()
    let again = try await pull()
    #expect(again.count == 2)
    await registry.put([first, second])
    let more = try await pull()
    #expect(more.contains(.layer(ImageArchive.digest(first), .isThere)))
    #expect(await registry.starts[ImageArchive.digest(first)] == [0])
  }

  @Test func aPullGoesOnWhereItWasBrokenOff() async throws {
    await registry.put([second])
    await registry.breakOff(after: [1000])
    await #expect(throws: ImageError.remote(.unavailable, "broken off")) { try await pull() }
    #expect(blobs.partialSizes[ImageArchive.digest(second)] == 1000)
    #expect(blobs.list().isEmpty && layers.list().isEmpty)
    _ = try await pull()
    #expect(await registry.starts[ImageArchive.digest(second)] == [0, 1000])
    #expect(blobs.partialSizes.isEmpty)
  }

  @Test func aPartThatWentBadIsFetchedAgain() async throws {
    let digest = ImageArchive.digest(second)
    await registry.put([second])
    await registry.spoil(digest) { $0[5] = 1 }
    await registry.breakOff(after: [1000])
    await #expect(throws: ImageError.self) { try await pull() }
    await registry.spoil(digest) { $0[5] = 0 }
    _ = try await pull()
    #expect(await registry.starts[digest] == [0, 1000, 0])
  }

  @Test func anotherContentIsRefused() async throws {
    await registry.put([first])
    await registry.spoil(ImageArchive.digest(first)) { $0[5] = 1 }
    let error = await #expect(throws: ImageError.self) { try await pull() }
    #expect(error?.description.contains("verification failed for digest \(ImageArchive.digest(first))") == true)
    #expect(blobs.partialSizes[ImageArchive.digest(first)] == nil)
    #expect(await images.list().isEmpty)
  }

  @Test func twoPullsShareTheWork() async throws {
    await registry.put([first])
    let (gate, opening) = AsyncStream<Void>.makeStream()
    await registry.hold(gate)
    try await withThrowingTaskGroup(of: [PullProgress].self) { group in
      for _ in 0..<2 { group.addTask { try await pull() } }
      while await registry.starts[ImageArchive.digest(first)] == nil {
        try Task.checkCancellation()
        await Task.yield()
      }
      opening.finish()
      for try await told in group { #expect(told.contains(.layer(ImageArchive.digest(first), .unpacked))) }
    }
    // The second may have come when the first was done; then the blob was there.
    #expect(await registry.starts[ImageArchive.digest(first)] == [0])
  }

  @Test func aPullCanBeGivenUp() async throws {
    await registry.put([first, second])
    let (gate, opening) = AsyncStream<Void>.makeStream()
    await registry.hold(gate)
    let pulling = Task { try await pull() }
    while await registry.starts[ImageArchive.digest(first)] == nil {
      try Task.checkCancellation()
      await Task.yield()
    }
    pulling.cancel()
    await #expect(throws: CancellationError.self) { try await pulling.value }
    opening.finish()
    #expect(layers.list().isEmpty && blobs.list().isEmpty)
    #expect(await images.list().isEmpty)
  }

  @Test func layersOfAPullThatFailsGo() async throws {
    await registry.put([first, second]) { $0.layers[1].digest = ImageArchive.digest([1]) }
    await #expect(throws: ImageError.self) { try await pull() }
    #expect(layers.list().isEmpty)
  }
}
