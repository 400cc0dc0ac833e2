import ImageFixtures
import Images
import Logging
import NIOPosix
import OCIImageSpec
import Testing

/// What is left of pulls that were broken off.
@Suite(.timeLimit(.minutes(1)))
struct PartsTests {
  private let registry = FakeRegistry()
  private let blobs = MemoryBlobs()
  private let layers: FolderLayers
  private let images: ImageService
  private let name: Reference
  private let layer = [UInt8](repeating: 0, count: 2048)
  private var digest: Digest { ImageArchive.digest(layer) }

  init() throws {
    layers = try FolderLayers()
    name = try Reference("localhost:5000/test")
    images = ImageService(
      catalog: MemoryCatalog(), blobs: blobs, layers: layers, folder: "/tmp",
      platform: Platform(os: "linux", architecture: "amd64"), registry: registry, pool: .singleton,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 1_700_000_000_000_000_000 })
  }

  private func breakOff() async throws {
    await registry.put([layer])
    await registry.breakOff(after: [1000])
    await #expect(throws: ImageError.self) { try await images.pull(try await images.findRemote(name)) }
    #expect(blobs.partialSizes[digest] == 1000)
  }

  @Test func theyCount() async throws {
    try await breakOff()
    let usage = try await images.diskUsage()
    #expect(usage.parts[digest] == 1000)
    #expect(usage.total == usage.parts.values.reduce(0, +))
  }

  @Test(arguments: [(1000, true), (1001, false)])
  func theyGoWhenTheyAreOld(before: Int64, stays: Bool) async throws {
    try await breakOff()
    let usage = try await images.diskUsage()
    try await images.removeParts(before: before)
    #expect((blobs.partialSizes[digest] != nil) == stays)
    #expect(try await images.freed(since: usage) == (stays ? 0 : usage.total))
  }

  @Test func theyGoByThemselves() async throws {
    try await breakOff()
    let running = Task { await images.run(every: .milliseconds(1)) }
    while !blobs.partialSizes.isEmpty { await Task.yield() }
    running.cancel()
    await running.value
  }

  @Test func whatIsOnItsWayStays() async throws {
    await registry.put([layer])
    let (gate, opening) = AsyncStream<Void>.makeStream()
    await registry.hold(gate)
    let pulling = Task { try await images.pull(try await images.findRemote(name)) }
    while await registry.starts[digest] == nil { await Task.yield() }
    try await images.removeParts()
    #expect(!blobs.partialSizes.isEmpty)
    opening.finish()
    #expect(try await pulling.value.record.layers.map(\.digest) == [digest])
    let usage = try await images.diskUsage()
    #expect(usage.parts.isEmpty && usage.layers.count == 1 && usage.blobs.count == 3)
    let image = try await images.resolve("localhost:5000/test")
    #expect(usage.size(of: image) == usage.total && usage.shared(by: image) == 0)
  }
}
