public import Logging
internal import NIOCore
public import NIOPosix
public import OCIImageSpec

/// The images of the machine: loaded, named, listed, resolved, removed.
///
/// The catalog is the truth; a copy of it is kept here, so that looking never waits for the disk. Changes happen one after another.
/// A process that is killed in the middle of one leaves blobs and layers that no record names: ``start()`` removes them.
public actor ImageService {
  let catalog: any ImageCatalog
  let blobs: any BlobStore
  let layers: any LayerStore
  /// Where archives are kept while they are loaded; on the file system of the blobs.
  let folder: String
  let platform: Platform
  let pool: NIOThreadPool
  let log: Logger
  /// Nanoseconds since 1970.
  let now: @Sendable () -> Int64
  /// Where images are pulled from; nil if nowhere.
  let registry: (any RemoteRegistry)?
  /// What is downloaded or unpacked, by the blob's digest or the layer's chain ID, for all pulls that want it.
  let downloads = SharedWork<Digest, LayerProgress>()
  let unpackings = SharedWork<Digest, LayerProgress>()

  /// Blobs and layers that no record names yet, but somebody is about to use, and how many do.
  var pins: [Digest: Int] = [:]
  var images: [Digest: ResolvedImage] = [:]
  var ids: [Reference: Digest] = [:]
  /// What throws away parts of blobs just now.
  var sweep: Task<Void, Never>?
  /// Bytes that layers take on the disk, as far as somebody has asked.
  var layerAllocations: [Digest: Int64] = [:]
  /// The topmost layers of containers; nil as long as the containers are not known.
  var layersOfContainers: (@Sendable () -> Set<Digest>)?
  /// Whether all records could be read: what one names that could not must stay.
  var isComplete = false
  private var isChanging = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameters:
  ///   - folder: an existing folder for archives that are being loaded; they have no name there.
  ///   - platform: what images must be made for when an archive has several.
  ///   - registry: where images are pulled from.
  ///   - now: nanoseconds since 1970.
  public init(
    catalog: any ImageCatalog, blobs: any BlobStore, layers: any LayerStore, folder: String,
    platform: Platform = .current, registry: (any RemoteRegistry)? = nil, pool: NIOThreadPool, log: Logger,
    now: @escaping @Sendable () -> Int64
  ) {
    self.catalog = catalog
    self.blobs = blobs
    self.layers = layers
    self.folder = folder
    self.platform = platform
    self.registry = registry
    self.pool = pool
    self.log = log
    self.now = now
  }

  /// Runs `body` when no other change is under way, and to its end even if the caller is cancelled meanwhile.
  func change<Result: Sendable>(
    _ body: @escaping @Sendable (isolated ImageService) async throws -> Result
  ) async throws -> Result {
    if isChanging { await withCheckedContinuation { waiting.append($0) } }
    isChanging = true
    defer {
      if waiting.isEmpty { isChanging = false } else { waiting.removeFirst().resume() }
    }
    return try await Task { try await body(self) }.value
  }

  /// Puts an image into the copy of the catalog, its names taken from all others.
  func remember(_ image: ResolvedImage) {
    for name in images[image.id]?.names ?? [] { ids[name] = nil }
    for name in image.names {
      if let other = ids[name], other != image.id { images[other]?.record.names.removeAll { $0 == name } }
      ids[name] = image.id
    }
    images[image.id] = image
  }

  func forget(_ id: Digest) {
    for name in images.removeValue(forKey: id)?.names ?? [] { ids[name] = nil }
  }
}

extension Platform {
  /// The machine that this program was built for.
  public static var current: Platform {
    #if arch(arm64)
      Platform(os: "linux", architecture: "arm64")
    #else
      Platform(os: "linux", architecture: "amd64")
    #endif
  }
}
