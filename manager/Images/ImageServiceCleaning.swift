internal import NIOPosix
public import OCIImageSpec

extension ImageService {
  /// Reads the catalog. For the daemon's start, before any other call.
  /// - Returns: for `GET /info`, what could not be understood, in words for a person.
  public func start() async throws -> [String] {
    let (records, isComplete) = try await catalog.records()
    var problems: [String] = []
    for record in records {
      do {
        remember(ResolvedImage(record: record, configuration: try await configuration(record.id, in: blobs)))
      } catch { problems.append("image \(record.id): \(error)") }
    }
    for problem in problems { log.error("\(problem)") }
    self.isComplete = isComplete && problems.isEmpty
    return problems
  }

  /// Says what containers stand on, whether or not they have been started yet: the chain IDs of the topmost layers.
  public func keepLayers(_ layers: @escaping @Sendable () -> Set<Digest>) { layersOfContainers = layers }

  /// Removes blobs and layers that no record names and nobody is about to use: at the daemon's start, when all containers are
  /// known, what a process left that did not live to finish.
  ///
  /// Nothing is removed when records could not be read: what they name must stay.
  public func collect() async throws {
    guard isComplete, layersOfContainers != nil else { return }
    try await change { service in
      _ = try await service.removeUnused(service.blobs, service.layers, candidates: nil)
    }
  }

  /// A container of the image is gone. If the image is, too, what it stood on is needed no more.
  public func released(_ id: Digest) async {
    guard images[id] == nil else { return }
    do { try await collect() } catch { log.error("cannot remove the layers of \(id): \(error)") }
  }

  func configuration<Blobs: BlobStore>(_ id: Digest, in blobs: Blobs) async throws -> ImageConfiguration {
    try await pool.runIfActive {
      let bytes = try blobs.read(id, limit: 16 << 20)
      try id.verify(bytes, entry: "\(id)")
      return try ImageConfiguration(jsonText: bytes)
    }
  }

  /// Removes blobs and layers that no record names and nobody is about to use: those of `candidates`, or all. A layer on which a container stands stays until a
  /// later time.
  /// - Returns: the chain IDs of the removed layers.
  func removeUnused<Blobs: BlobStore, Layers: LayerStore>(
    _ blobs: Blobs, _ layers: Layers, candidates: ResolvedImage?
  ) async throws -> [Digest] {
    let usedBlobs = Set(images.values.flatMap(\.blobs)).union(pins.keys)
    let usedLayers = Set(images.values.flatMap(\.chain)).union(pins.keys).union(layersOfContainers?() ?? [])
    return try await pool.runIfActive {
      for digest in try candidates?.blobs ?? blobs.list() where !usedBlobs.contains(digest) {
        try blobs.remove(digest)
      }
      var left = try (candidates?.chain.reversed() ?? layers.list()).filter { !usedLayers.contains($0) }
      var removed: [Digest] = []
      // A layer can go only when those on top of it are gone: again, as long as something moves.
      var isMoving = true
      while isMoving {
        isMoving = false
        for chainID in left where try layers.remove(chainID) {
          removed.append(chainID)
          isMoving = true
        }
        left.removeAll(where: removed.contains)
      }
      return removed
    }
  }
}

extension ResolvedImage {
  /// Every blob that the image needs.
  var blobs: [Digest] { record.blobs }

  /// Every layer that the image needs, from the bottom up.
  var chain: [Digest] { layerIDs }
}
