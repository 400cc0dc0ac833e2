internal import NIOPosix
public import OCIImageSpec

/// What a removal did, in order.
public enum ImageRemoval: Equatable, Sendable {
  case untagged(Reference)
  case deleted(Digest)
}

/// Who makes containers of images, as a removal sees them.
public enum ImageUse: Equatable, Sendable {
  case unused
  /// Containers that do not run, by ID.
  case stopped(by: String)
  /// Containers that run, by ID.
  case running(by: String)
}

extension ImageService {
  /// Gives the image that `source` means the further name `target`, taken from another image if one has it.
  public func tag(_ source: String, as target: Reference) async throws {
    try await change {
      var image = try resolve(source)
      guard image.names.allSatisfy({ $0 != target }) else { return }
      image.record.names = (image.names + [target]).sorted { $0.canonical < $1.canonical }
      image.record.lastTagged = now()
      try await catalog.put(image.record)
      remember(image)
    }
  }

  /// Removes what `text` means: a name; or by its ID the image itself. The image goes with its last name.
  /// - Parameters:
  ///   - force: also an image with several names by its ID, and one of which containers that do not run were made.
  ///   - use: who uses the image.
  /// - Throws: ``ImageError/inUse(id:reason:)`` when that is not safe.
  public func remove(
    _ text: String, force: Bool, use: @Sendable (Digest) async throws -> ImageUse
  ) async throws -> [ImageRemoval] {
    try await change {
      let image = try resolve(text)
      // Not a name: then it was meant by its ID.
      let name = (try? Reference(text)).flatMap { image.names.contains($0) ? $0 : nil }
      if let name, image.names.count > 1 {
        try await untag(name)
        return [.untagged(name)]
      }
      if name == nil, image.names.count > 1, !force {
        let repositories = Set(image.names.map(\.repository))
        if repositories.count > 1 {
          let reason = "image is referenced in multiple repositories"
          throw refusal(image, "\(reason)", "must be forced")
        }
      }
      try check(await use(image.id), image, name, force: force)
      return try await delete(image)
    }
  }

  private func check(_ use: ImageUse, _ image: ResolvedImage, _ name: Reference?, force: Bool) throws {
    switch use {
    case .unused: break
    case .running(let id):
      throw refusal(image, "image is being used by running container \(id.prefix(12))", "cannot be forced")
    case .stopped(let id):
      guard !force else { return }
      throw refusal(image, "image is being used by stopped container \(id.prefix(12))", "must be forced")
    }
  }

  private func refusal(_ image: ResolvedImage, _ reason: String, _ remedy: String) -> ImageError {
    .inUse(id: image.id, reason: "unable to delete \(image.id.short) (\(remedy)) - \(reason)")
  }

  private func untag(_ name: Reference) async throws {
    try await catalog.removeName(name)
    guard let id = ids.removeValue(forKey: name) else { return }
    images[id]?.record.names.removeAll { $0 == name }
  }

  private func delete(_ image: ResolvedImage) async throws -> [ImageRemoval] {
    try await catalog.remove(image.id)
    forget(image.id)
    let removed = try await removeUnused(blobs, layers, candidates: image)
    return image.names.map { .untagged($0) } + [.deleted(image.id)] + removed.map { .deleted($0) }
  }
}
