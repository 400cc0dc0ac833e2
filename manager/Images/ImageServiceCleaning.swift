internal import NIOPosix
internal import OCIImageSpec

extension ImageService {
  /// Reads the catalog, and removes what a process left that did not live to finish. For the daemon's start, before any other call.
  ///
  /// Nothing is removed when records could not be read: what they name must stay.
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
    if isComplete, problems.isEmpty { _ = try await removeUnused(blobs, layers, candidates: nil) }
    return problems
  }

  private func configuration<Blobs: BlobStore>(_ id: Digest, in blobs: Blobs) async throws -> ImageConfiguration {
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
    let usedLayers = Set(images.values.flatMap(\.chain)).union(pins.keys)
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
  var blobs: [Digest] { [id] + record.layers.map(\.digest) + (record.manifest.map { [$0] } ?? []) }

  /// Every layer that the image needs, from the bottom up.
  var chain: [Digest] { layerIDs }
}
