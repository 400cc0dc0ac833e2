import ImageFixtures
import Images
import Logging
import NIOCore
import NIOPosix
import OCIImageSpec
import Testing

/// Images of one layer more.
struct MakeTests {
  private let catalog = MemoryCatalog()
  private let blobs = MemoryBlobs()
  private let layers: FolderLayers
  private let images: ImageService
  private let layer = TarBuilder.archive([.init("file", "0", "content")])
  private let nothing = [UInt8](repeating: 0, count: 1024)

  init() throws {
    layers = try FolderLayers()
    images = ImageService(
      catalog: catalog, blobs: blobs, layers: layers, folder: "/tmp",
      platform: Platform(os: "linux", architecture: "amd64"), pool: .singleton,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 1_700_000_000_000_000_000 })
  }

  private func draft(on parent: ResolvedImage? = nil, name: String? = "made:1") throws -> ImageDraft {
    var defaults = ContainerDefaults()
    defaults.cmd = ["new"]
    var draft = ImageDraft(on: parent, created: "2026-01-02T03:04:05Z", saying: defaults)
    (draft.author, draft.comment, draft.createdBy) = ("someone", "why", "how")
    draft.name = try name.map { try Reference($0) }
    return draft
  }

  private func make(_ draft: ImageDraft, of archive: [UInt8]) async throws -> ResolvedImage {
    try await images.make(draft, of: stream(archive))
  }

  private func load(_ archive: [UInt8]) async throws {
    _ = try await images.load(try await images.receive(stream(archive)))
  }

  private func stream(_ archive: [UInt8]) -> AsyncStream<ByteBuffer> {
    AsyncStream { stream in
      stream.yield(ByteBuffer(bytes: archive))
      stream.finish()
    }
  }

  @Test func aLayerComesOnTop() async throws {
    let base = try await make(try draft(name: "base:1"), of: TarBuilder.archive([.init("below", "0", "x")]))
    let image = try await make(try draft(on: base), of: layer)
    #expect(image.configuration.rootfs.diffIDs == base.configuration.rootfs.diffIDs + [ImageArchive.digest(layer)])
    #expect(image.record.layers.count == 2 && image.record.layerSizes == [1000, 1000])
    let step = try #require(image.configuration.history.last)
    #expect(image.configuration.history.count == 2)
    #expect([step.author, step.comment, step.createdBy] == ["someone", "why", "how"] && !step.emptyLayer)
    #expect(image.configuration.config?.cmd == ["new"])
    #expect(try await images.resolve("made:1") == image)
    #expect(catalog.events.map(\.action) == [.tag, .tag])
    #expect(layers.list().count == 2 && blobs.list().count == 4)
  }

  @Test func whatIsUsedStaysUntilItIsNotAnyMore() async throws {
    let image = try await make(try draft(name: "base:1"), of: layer)
    let (images, layers) = (images, layers)
    let found = try await images.using(["base:1", image.id.description]) { found in
      _ = try await images.remove("base:1", force: true) { _ in .unused }
      #expect(layers.list().last == found.first?.chainID)
      return found
    }
    #expect(found == [image, image])
    #expect(layers.list().isEmpty && blobs.list().isEmpty)
    await #expect(throws: ImageError.self) { try await images.using(["base:1"]) { _ in } }
  }

  @Test func nothingIsMadeOfWhatWasRemoved() async throws {
    let base = try await make(try draft(name: "base:1"), of: layer)
    _ = try await images.remove("base:1", force: true) { _ in .unused }
    await #expect(throws: ImageError.notFound(base.id.description)) {
      try await make(try draft(on: base), of: TarBuilder.archive([.init("more", "0", "x")]))
    }
    #expect(layers.list().isEmpty && blobs.list().isEmpty)
  }

  @Test(arguments: [false, true]) func whatFailsTakesOnlyItsOwnLayerAway(isThereBefore: Bool) async throws {
    if isThereBefore { _ = try await make(try draft(name: "first:1"), of: layer) }
    let before = layers.list()
    blobs.refuse(ImageArchive.digest(layer))
    await #expect(throws: ImageError.failed("no space")) { try await make(try draft(name: "second:1"), of: layer) }
    #expect(layers.list() == before && before.count == (isThereBefore ? 1 : 0))
  }

  /// A pull that wants a layer pins it, and goes on with it when it is there.
  @Test func whatFailsLeavesWhatSomebodyElseWants() async throws {
    let image = try await make(try draft(name: "base:1"), of: layer)
    let chainID = try #require(image.chainID)
    try await images.using(["base:1"]) { _ in
      _ = try await images.remove("base:1", force: true) { _ in .unused }
      _ = layers.remove(chainID)
      let broken = ImageArchive.docker([layer, [UInt8](repeating: 1, count: 2048)])
      await #expect(throws: ImageError.self) { try await load(broken) }
      #expect(layers.list() == [chainID])
      _ = layers.remove(chainID)
      blobs.refuse(ImageArchive.digest(layer))
      await #expect(throws: ImageError.failed("no space")) { try await make(try draft(), of: layer) }
      #expect(layers.list() == [chainID])
    }
    #expect(layers.list().isEmpty && blobs.list().isEmpty)
  }

  @Test func ofNothingThereIsNoLayer() async throws {
    let image = try await make(try draft(), of: nothing)
    #expect(image.record.layers.isEmpty && image.configuration.rootfs.diffIDs.isEmpty)
    #expect(image.configuration.history.map(\.emptyLayer) == [true])
  }

  @Test func aNameGoesFromOneToTheOther() async throws {
    let first = try await make(try draft(), of: nothing)
    let second = try await make(try draft(), of: layer)
    #expect(try await images.resolve("made:1").id == second.id)
    #expect(try await images.resolve("\(first.id)").names.isEmpty)
  }

  @Test func anImportIsTold() async throws {
    var draft = try draft()
    draft.isImport = true
    _ = try await make(draft, of: layer)
    #expect(catalog.events.map(\.action) == [.tag, .import])
  }

  @Test(arguments: [[UInt8](repeating: 1, count: 2048), [0x1F, 0x8B, 8, 0], [0x42, 0x5A, 0x68, 0x39, 1, 2]])
  func whatIsNoArchiveLeavesNothing(_ bytes: [UInt8]) async throws {
    let draft = try draft()
    await #expect(throws: ImageError.self) { try await make(draft, of: bytes) }
    #expect(blobs.list().isEmpty && layers.list().isEmpty)
    #expect(await images.list().isEmpty)
  }
}
