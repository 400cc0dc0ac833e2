internal import NIOPosix
public import OCIImageSpec

extension ImageService {
  /// Sends an image to the registry that its name says, under one tag or all that it has here.
  /// - Parameters:
  ///   - repository: whose tag and digest do not count.
  ///   - tag: nil for all tags of the repository.
  ///   - progress: is told what happens; called on any thread, must not block.
  /// - Throws: ``ImageError`` or `CancellationError`.
  public func push(
    _ repository: Reference, tag: String?, as credentials: RegistryCredentials = RegistryCredentials(),
    progress: @escaping @Sendable (PushProgress) -> Void = { _ in }
  ) async throws {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    progress(.began(repository))
    let names = try names(of: repository, tag: tag)
    let images = names.compactMap { image(named: $0) }
    let sources = sources(of: images, for: repository)
    let destination = try await registry.destination(
      repository, as: credentials, mounting: Set(sources.values.joined()).sorted())
    for (name, image) in zip(names, images) {
      let result: Result<Void, any Error>
      do {
        result = .success(
          try await keeping([image]) {
            try await push(image, as: name, to: destination, sources, from: blobs, progress)
          })
      } catch { result = .failure(error) }
      try await removeUnpacked(image)
      try result.get()
    }
  }

  /// Removes what the image had of layers that are kept compressed from now on.
  private func removeUnpacked(_ image: ResolvedImage) async throws {
    guard let now = images[image.id], now.blobs != image.blobs else { return }
    try await change { service in
      _ = try await service.removeUnused(service.blobs, service.layers, candidates: image)
    }
  }

  private func names(of repository: Reference, tag: String?) throws -> [Reference] {
    if let tag {
      let name: Reference
      do throws(ReferenceError) { name = try repository.tagged(tag) } catch { throw ImageError.invalidReference(error) }
      if image(named: name) != nil { return [name] }
    } else {
      let names = ids.keys.filter { $0.repository == repository.repository && $0.digest == nil }
      if !names.isEmpty { return names.sorted { $0.canonical < $1.canonical } }
    }
    // Docker's words, which do not say the tag.
    throw ImageError.notHere("An image does not exist locally with the tag: \(repository.familiarRepository)")
  }

  private func push<Blobs: BlobStore>(
    _ image: ResolvedImage, as name: Reference, to destination: any RemoteDestination, _ sources: [Digest: [String]],
    from blobs: Blobs, _ progress: @escaping @Sendable (PushProgress) -> Void
  ) async throws {
    if let kept = try await keptManifest(of: image, for: destination, in: blobs) {
      let push = ImagePush(
        image: image, pushed: kept, destination: destination, sources: sources, blobs: blobs, pool: pool,
        progress: progress)
      return try await send(push, as: name)
    }
    let packed = try await packed(image, in: blobs)
    try await keeping([packed]) {
      let size = try await pool.runIfActive { Int64(try blobs.read(packed.id, limit: 16 << 20).count) }
      let push = ImagePush(
        image: packed, pushed: PushedManifest(of: packed, configurationSize: size, in: .docker),
        destination: destination, sources: sources, blobs: blobs, pool: pool, progress: progress)
      try await send(push, as: name)
    }
  }

  private func send<Blobs: BlobStore>(_ push: ImagePush<Blobs>, as name: Reference) async throws {
    let (image, pushed) = (push.image, push.pushed)
    try await push.sendBlobs()
    try await push.destination.put(pushed.bytes, as: pushed.mediaType.rawValue, tag: name.tag ?? "")
    try await change { service in try await service.recordPush(of: image, as: name, pushed.digest) }
    push.progress(.finished(tag: name.tag ?? "", digest: pushed.digest, size: pushed.bytes.count))
  }

  /// The manifest that the image came with, if its blobs are here or there.
  private func keptManifest<Blobs: BlobStore>(
    of image: ResolvedImage, for destination: any RemoteDestination, in blobs: Blobs
  ) async throws -> PushedManifest? {
    guard let digest = image.record.manifest else { return nil }
    let kept = try PushedManifest(kept: try await pool.runIfActive { try blobs.read(digest, limit: 4 << 20) })
    guard kept.describes(image), try await isReachable(kept.manifest.layers, by: destination, in: blobs) else {
      return nil
    }
    return kept
  }

  private func isReachable<Blobs: BlobStore>(
    _ layers: [Descriptor], by destination: any RemoteDestination, in blobs: Blobs
  ) async throws -> Bool {
    for layer in layers {
      let isHere = try await pool.runIfActive { try blobs.contains(layer.digest) }
      guard !isHere else { continue }
      guard try await destination.has(layer.digest) else { return false }
    }
    return true
  }

  /// From now on the image is known by the digest that it has at the registry, too.
  private func recordPush(of image: ResolvedImage, as name: Reference, _ digest: Digest) async throws {
    var event = image.event(.push)
    event.id = name.familiar
    event.attributes["name"] = name.familiarRepository
    let byDigest = name.digested(digest)
    guard var current = images[image.id], !current.names.contains(byDigest) else {
      return await catalog.tell([event])
    }
    current.record.names = (current.names + [byDigest]).sorted { $0.canonical < $1.canonical }
    try await catalog.put(current.record, telling: [event])
    remember(current)
  }

  /// Other repositories at the same registry whose images are here, by the blobs that they have.
  private func sources(of pushed: [ResolvedImage], for repository: Reference) -> [Digest: [String]] {
    let wanted = Set(pushed.flatMap { $0.record.layers.map(\.digest) })
    var sources: [Digest: [String]] = [:]
    for image in images.values {
      // Only a digest says that it has been at the registry.
      let paths = Set(image.names.filter { $0.digest != nil && $0.domain == repository.domain }.map(\.path))
        .subtracting([repository.path]).sorted()
      for layer in image.record.layers where wanted.contains(layer.digest) {
        sources[layer.digest] = Array(Set((sources[layer.digest] ?? []) + paths).sorted().prefix(3))
      }
    }
    return sources
  }
}
