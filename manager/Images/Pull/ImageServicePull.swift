internal import NIOPosix
public import OCIImageSpec

extension ImageService {
  /// Bytes of a configuration that are accepted.
  private static var configurationLimit: Int64 { 4 << 20 }
  /// How often layers are fetched again that a removal took away at the last moment.
  private static var roundLimit: Int { 3 }

  /// Finds an image at its registry. Nothing is kept of it yet.
  /// - Parameter platform: the machine that it must be for; this one if nil.
  /// - Throws: ``ImageError/remote(_:_:)`` or `CancellationError`.
  public func findRemote(
    _ name: Reference, for platform: Platform? = nil, as credentials: RegistryCredentials = RegistryCredentials()
  ) async throws -> RemoteImage {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    let repository = try await registry.repository(name, as: credentials)
    return try await .find(name, in: repository, for: platform ?? self.platform, wanted: platform)
  }

  /// Brings an image here. It is there, on the disk, when this returns; if it throws, only what can be gone on with is kept.
  ///
  /// Pulls of the same image share the work.
  /// - Parameter progress: is told what happens; called on any thread, must not block.
  /// - Throws: ``ImageError`` or `CancellationError`.
  @discardableResult
  public func pull(
    _ image: RemoteImage, progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> ResolvedImage {
    progress(.began(reference: image.reference, path: image.name.path))
    let before = self.image(named: image.names[0])?.id
    let pulled =
      if let existing = images[image.manifest.config.digest] {
        try await name(existing, image)
      } else { try await fetch(image, from: blobs, layers, progress) }
    progress(.finished(image.name, digest: image.digest, isNew: before != pulled.id))
    let platform = pulled.configuration.platform
    if let wanted = image.wanted, PlatformChoice.rank(platform, for: wanted) == nil {
      progress(.otherPlatform(image.name, wanted: wanted, actual: platform))
    }
    return pulled
  }

  private func fetch<Blobs: BlobStore, Layers: LayerStore>(
    _ image: RemoteImage, from blobs: Blobs, _ layers: Layers, _ progress: @escaping @Sendable (PullProgress) -> Void
  ) async throws -> ResolvedImage {
    var pinned = [image.manifest.config.digest, image.document.digest] + image.manifest.layers.map(\.digest)
    await pin(pinned)
    do {
      let configuration = try await configuration(of: image, from: blobs)
      let chain = ChainID.all(configuration.rootfs.diffIDs)
      let known = knownBlobs(of: chain)
      let further = chain + known.values.map(\.digest)
      await pin(further)
      pinned += further
      let pull = ImagePull(
        image: image, diffIDs: configuration.rootfs.diffIDs, chain: chain, known: known, blobs: blobs,
        layers: layers, pool: pool, downloads: downloads, unpackings: unpackings, progress: progress)
      let pulled = try await finish(pull, configuration)
      unpin(pinned)
      return pulled
    } catch {
      unpin(pinned)
      let inVain = pinned
      try await change { service in try await service.removeUnneeded(inVain, from: layers) }
      throw error
    }
  }

  /// Fetches the layers, and records the image.
  private func finish<Blobs: BlobStore, Layers: LayerStore>(
    _ pull: ImagePull<Blobs, Layers>, _ configuration: ImageConfiguration
  ) async throws -> ResolvedImage {
    for _ in 0..<Self.roundLimit {
      let descriptors = try await pull.run()
      try Task.checkCancellation()
      if let image = try await change({ service in try await service.record(pull, descriptors, configuration) }) {
        return image
      }
    }
    throw ImageError.failed("layers of \(pull.image.name.familiar) were removed while it was pulled")
  }

  /// - Returns: nil if something is missing that was there before.
  private func record<Blobs: BlobStore, Layers: LayerStore>(
    _ pull: ImagePull<Blobs, Layers>, _ descriptors: [Descriptor], _ configuration: ImageConfiguration
  ) async throws -> ResolvedImage? {
    let image = pull.image
    guard let sizes = try await pool.runIfActive({ try pull.settle(descriptors) }) else { return nil }
    var record = ImageRecord(
      id: image.manifest.config.digest, layers: descriptors, manifest: image.document.digest, layerSizes: sizes,
      names: images[image.manifest.config.digest]?.names ?? [])
    record.parent = images[record.id]?.record.parent
    return try await put(ResolvedImage(record: record, configuration: configuration), image)
  }

  /// Gives an image that is here already the names of one at a registry.
  private func name(_ existing: ResolvedImage, _ image: RemoteImage) async throws -> ResolvedImage {
    try await change { service in
      guard let current = service.images[existing.id] else {
        throw ImageError.failed("\(image.name.familiar) was removed while it was pulled")
      }
      guard !image.names.allSatisfy(current.names.contains) else { return current }
      return try await service.put(current, image)
    }
  }

  private func put(_ pulled: ResolvedImage, _ image: RemoteImage) async throws -> ResolvedImage {
    var pulled = pulled
    pulled.record.names = Set(pulled.names).union(image.names).sorted { $0.canonical < $1.canonical }
    pulled.record.lastTagged = now()
    try await catalog.put(pulled.record, telling: [pulled.pullEvent(of: image.name)])
    remember(pulled)
    return pulled
  }

  func configuration<Blobs: BlobStore>(
    of image: RemoteImage, from blobs: Blobs
  ) async throws -> ImageConfiguration {
    let descriptor = image.manifest.config
    guard descriptor.size <= Self.configurationLimit else {
      throw ImageError.remote(
        .invalid, "the image's configuration has \(descriptor.size) bytes, \(Self.configurationLimit) are accepted")
    }
    let download = BlobDownload(descriptor: descriptor, repository: image.repository, blobs: blobs, pool: pool)
    try await downloads.run(descriptor.digest, telling: { _ in }) { try await download.run($0) }
    let bytes = try await pool.runIfActive {
      try blobs.openArrived(descriptor.digest).readAll(limit: Int(Self.configurationLimit))
    }
    return try image.configuration(bytes)
  }

  /// The blobs that are here, by those of the layers that they hold.
  private func knownBlobs(of chain: [Digest]) -> [Digest: Descriptor] {
    let wanted = Set(chain)
    var known: [Digest: Descriptor] = [:]
    for image in images.values {
      for (chainID, descriptor) in zip(image.chain, image.record.layers) where wanted.contains(chainID) {
        known[chainID] = descriptor
      }
    }
    return known
  }
}

extension ResolvedImage {
  /// Told as Docker does: of the name, not of the image.
  fileprivate func pullEvent(of name: Reference) -> ImageEvent {
    var event = event(.pull)
    event.id = name.familiar
    event.attributes["name"] = name.familiarRepository
    return event
  }
}
