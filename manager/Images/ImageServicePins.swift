internal import OCIImageSpec

/// What is about to be used, and not to be removed meanwhile.
extension ImageService {
  func pin(_ digests: [Digest]) async {
    // What is being thrown away was not pinned in time.
    while let sweep { await sweep.value }
    for digest in digests { pins[digest, default: 0] += 1 }
  }

  func unpin(_ digests: [Digest]) {
    for digest in digests { pins[digest] = pins[digest].flatMap { $0 > 1 ? $0 - 1 : nil } }
  }

  /// Runs `body` with the images that `texts` mean, in their order, while neither they nor what they stand on can lose anything.
  /// - Throws: ``ImageError/notFound(_:)`` with the text that means none, or what `body` throws.
  public func using<Result: Sendable>(
    _ texts: [String], _ body: @Sendable ([ResolvedImage]) async throws -> Result
  ) async throws -> Result {
    let used = try texts.map { try resolve($0) }
    return try await keeping(used) {
      for (text, image) in zip(texts, used) where images[image.id] == nil { throw ImageError.notFound(text) }
      return try await body(used)
    }
  }

  /// What was removed before it was pinned is lost.
  func checkKept(_ image: ResolvedImage) throws(ImageError) {
    if images[image.id] == nil { throw .notFound(image.id.description) }
  }

  /// Runs `body` while no blob and no layer of `used` is removed; those of an image that was removed meanwhile go afterwards.
  func keeping<Result: Sendable>(
    _ used: [ResolvedImage], _ body: () async throws -> Result
  ) async throws -> Result {
    let pinned = used.flatMap { $0.blobs + $0.chain }
    await pin(pinned)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    unpin(pinned)
    let gone = used.filter { images[$0.id] == nil }
    if !gone.isEmpty {
      try await change { service in
        for image in gone { _ = try await service.removeUnused(service.blobs, service.layers, candidates: image) }
      }
    }
    return try result.get()
  }
}
