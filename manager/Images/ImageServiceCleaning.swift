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

  /// Blobs that a record names or somebody is about to use.
  var usedBlobs: Set<Digest> { Set(images.values.flatMap(\.blobs)).union(pins.keys) }

  /// The same of layers, and what containers stand on.
  var usedLayers: Set<Digest> {
    Set(images.values.flatMap(\.chain)).union(pins.keys).union(layersOfContainers?() ?? [])
  }

  /// Removes layers that were unpacked in vain, from the bottom up, unless somebody else needs them by now. During a change.
  func removeUnneeded<Layers: LayerStore>(_ chain: [Digest], from layers: Layers) async throws {
    let used = usedLayers
    try await pool.runIfActive {
      for chainID in chain.reversed() where !used.contains(chainID) { _ = try layers.remove(chainID) }
    }
  }

  /// Takes out of the stores what came into them in vain, unless somebody else needs it by now: a pull may have found it there, and
  /// go on with it. What cannot be removed is at the next start. During a change.
  func undo<Blobs: BlobStore, Layers: LayerStore>(_ additions: Additions, in blobs: Blobs, _ layers: Layers) async {
    let used = usedBlobs
    do {
      try await removeUnneeded(additions.layers, from: layers)
      try await pool.runIfActive { for blob in additions.blobs where !used.contains(blob) { try blobs.remove(blob) } }
    } catch { log.error("cannot remove what was unpacked in vain: \(error)") }
  }

  /// Removes blobs and layers that no record names and nobody is about to use: those of `candidates`, or all. A layer on which a container stands stays until a
  /// later time.
  /// - Returns: the chain IDs of the removed layers.
  func removeUnused<Blobs: BlobStore, Layers: LayerStore>(
    _ blobs: Blobs, _ layers: Layers, candidates: ResolvedImage?
  ) async throws -> [Digest] {
    let (usedBlobs, usedLayers) = (usedBlobs, usedLayers)
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
