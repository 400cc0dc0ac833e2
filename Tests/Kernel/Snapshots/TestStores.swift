import Content
import Events
import ImageFixtures
import Images
import LinuxKernel
import Logging
import Metadata
import NIOCore
import NIOPosix
import OCIImageSpec
import Snapshots
import Testing
import proa

/// The stores of an engine in a folder of their own, and the service on them, for the time of one test.
struct TestStores {
  let folder: TemporaryFolder
  let content: ContentStore
  let snapshotter: any Snapshotter
  private let driver: Driver
  let database: Database
  let images: ImageService

  static func run<Result>(
    _ driver: Driver = .overlay, _ body: (TestStores) async throws -> Result
  ) async throws -> Result {
    let folder = try TemporaryFolder()
    let disk = try driver.makeDisk(in: folder.path)
    let stores = try await TestStores(folder, driver)
    let result = try await body(stores)
    try disk?.unmount()
    let mounts = String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self)
    #expect(!mounts.contains(folder.path), "something is still mounted")
    return result
  }

  init(_ folder: TemporaryFolder, _ driver: Driver = .overlay) async throws {
    self.folder = folder
    self.driver = driver
    content = try ContentStore(root: "\(folder.path)/content")
    snapshotter = try driver.make(in: folder.path)
    database = try await Database.open(at: "\(folder.path)/proa.db")
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    images = ImageService(
      catalog: StoredImages(database, events: EventLog(store: StoredEvents(database, logger: log), logger: log)),
      blobs: StoredBlobs(content), layers: Self.layers(snapshotter),
      folder: "\(folder.path)/content/ingest", platform: Platform(os: "linux", architecture: "amd64"),
      pool: .singleton, log: log, now: { 1_700_000_000_000_000_000 }
    )
    #expect(try await images.start() == [])
    await images.keepLayers { [] }
    try await images.collect()
  }

  private static func layers(_ snapshotter: some Snapshotter) -> any LayerStore { StoredLayers(snapshotter) }

  @discardableResult
  func load(_ archive: [UInt8], step: Int = 100_000) async throws -> [ResolvedImage] {
    let pieces = AsyncStream<ByteBuffer> { stream in
      for start in stride(from: 0, to: archive.count, by: step) {
        stream.yield(ByteBuffer(bytes: archive[start..<min(start + step, archive.count)]))
      }
      stream.finish()
    }
    return try await images.load(try await images.receive(pieces))
  }

  /// Everything that is kept, for saying that it did not change.
  func inventory() async throws -> [String] {
    let blobs = try content.list().map { "blob \($0)" }
    let layers = try snapshotter.layers().map { "layer \($0)" }
    let drafts = try Directory.names("\(driver.root(in: folder.path))/drafts").map { "draft \($0)" }
    let ingest = try Directory.names("\(folder.path)/content/ingest").map { "ingest \($0)" }
    let records = try await database.images { $0.id }.map { "record \($0)" }
    return (blobs + layers + drafts + ingest + records).sorted()
  }

  /// Runs `body` with a new container's tree on `image` mounted.
  func withContainer<Result>(on image: ResolvedImage, _ body: (String) throws -> Result) throws -> Result {
    try withContainer(on: image.chainID, body)
  }

  func withContainer<Result>(on chainID: Digest?, _ body: (String) throws -> Result) throws -> Result {
    let target = "\(folder.path)/rootfs"
    try Directory.make(target)
    try snapshotter.mountContainer("container", on: chainID, at: target)
    let result = Swift.Result { try body(target) }
    try snapshotter.unmountContainer("container", at: target)
    try snapshotter.removeContainer("container")
    return try result.get()
  }
}
