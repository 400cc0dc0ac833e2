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

  var container: String? {
    switch self {
    case .unused: nil
    case .stopped(let id), .running(let id): id
    }
  }
}

extension ImageService {
  /// Gives the image that `source` means the further name `target`, taken from another image if one has it.
  public func tag(_ source: String, as target: Reference) async throws {
    try await change { service in
      var image = try service.resolve(source)
      guard image.names.allSatisfy({ $0 != target }) else { return }
      image.record.names = (image.names + [target]).sorted { $0.canonical < $1.canonical }
      image.record.lastTagged = service.now()
      try await service.catalog.put(image.record, telling: [image.event(.tag, name: target)])
      service.remember(image)
    }
  }

  /// Removes what `text` means: a name, or by its ID the image itself. The image goes with its last name.
  /// - Parameters:
  ///   - force: also the last name of an image of which there are containers (the image stays then), an image that
  ///     several repositories name by its ID, and by its ID an image of which containers that do not run were made.
  ///   - use: who uses the image.
  /// - Throws: ``ImageError/inUse(id:reason:)`` when that is not safe.
  public func remove(
    _ text: String, force: Bool, use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) async throws -> [ImageRemoval] {
    try await change { service in
      let image = try service.resolve(text)
      // What is no name was meant as an ID.
      if let name = try? Reference(text), image.names.contains(name) {
        return try await service.remove(name, of: image, force: force, use: await use(image.id))
      }
      try service.check(image, force: force, use: await use(image.id))
      return try await service.delete(image)
    }
  }

  private func remove(
    _ name: Reference, of image: ResolvedImage, force: Bool, use: ImageUse
  ) async throws -> [ImageRemoval] {
    if image.hasSingleName {
      guard let user = use.container else { return try await delete(image) }
      if !force {
        let reason = "container \(user.prefix(12)) is using its referenced image \(image.id.short)"
        let what = "unable to remove repository reference \"\(name.familiar)\""
        throw ImageError.inUse(id: image.id, reason: "\(what) (must force) - \(reason)")
      }
    }
    var gone = [name]
    if name.digest == nil,
      !image.names.contains(where: { $0 != name && $0.digest == nil && $0.repository == name.repository })
    {
      // Digests of a repository's images are remembered as long as one of its tags is.
      gone += image.names.filter { $0.digest != nil && $0.repository == name.repository }
    }
    for name in gone { try await untag(name) }
    return gone.map { .untagged($0) }
  }

  private func check(_ image: ResolvedImage, force: Bool, use: ImageUse) throws {
    if case .running(let id) = use {
      throw refusal(image, "cannot be forced", "image is being used by running container \(id.prefix(12))")
    }
    guard !force else { return }
    if Set(image.names.map(\.repository)).count > 1 {
      throw refusal(image, "must be forced", "image is referenced in multiple repositories")
    }
    if case .stopped(let id) = use {
      throw refusal(image, "must be forced", "image is being used by stopped container \(id.prefix(12))")
    }
  }

  private func refusal(_ image: ResolvedImage, _ remedy: String, _ reason: String) -> ImageError {
    .inUse(id: image.id, reason: "unable to delete \(image.id.short) (\(remedy)) - \(reason)")
  }

  private func untag(_ name: Reference) async throws {
    let image = ids[name].flatMap { images[$0] }
    try await catalog.removeName(name, telling: image.map { [$0.event(.untag)] } ?? [])
    guard let id = ids.removeValue(forKey: name) else { return }
    images[id]?.record.names.removeAll { $0 == name }
  }

  private func delete(_ image: ResolvedImage) async throws -> [ImageRemoval] {
    let untagged = image.names.map { _ in image.event(.untag) }
    try await catalog.remove(image.id, telling: untagged + [image.event(.delete)])
    forget(image.id)
    let removed = try await removeUnused(blobs, layers, candidates: image)
    return image.names.map { .untagged($0) } + [.deleted(image.id)] + removed.map { .deleted($0) }
  }
}

extension ResolvedImage {
  /// Whether a person knows it by one name: one tag, or none, and beside it digests of the same repository alone.
  fileprivate var hasSingleName: Bool {
    let tags = names.filter { $0.digest == nil }
    let repositories = Set(names.map(\.repository))
    return tags.count <= 1 && repositories.count <= 1
  }
}
