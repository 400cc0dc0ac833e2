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
  private typealias Use = @Sendable (Digest) async throws -> ImageUse

  /// Removes what `text` means: a name, or by its ID the image itself. The image goes with its last name.
  /// - Parameters:
  ///   - force: also an image of which containers that do not run were made, and one that has several names by its ID.
  ///   - prunesParents: whether images go, too, that it was made of, and that nobody knows by a name or needs any more.
  ///   - use: who uses the image.
  /// - Throws: ``ImageError/inUse(id:reason:)`` when that is not safe.
  public func remove(
    _ text: String, force: Bool, prunesParents: Bool = true,
    use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) async throws -> [ImageRemoval] {
    try await change { service in
      let image = try service.resolve(text)
      // What is no name was meant as an ID.
      let name = (try? Reference(text)).flatMap { image.names.contains($0) ? $0 : nil }
      var removed =
        if let name {
          try await service.remove(name, of: image, force: force, use)
        } else { try await service.remove(image, force: force, use) }
      if prunesParents, service.images[image.id] == nil {
        removed += try await service.removeParents(of: image, use)
      }
      return removed
    }
  }

  private func remove(
    _ name: Reference, of image: ResolvedImage, force: Bool, _ use: Use
  ) async throws -> [ImageRemoval] {
    let user = try await use(image.id)
    if !force, image.hasSingleName, let user = user.container {
      let reason = "container \(user.prefix(12)) is using its referenced image \(image.id.short)"
      let what = "unable to remove repository reference \"\(name.familiar)\""
      throw ImageError.inUse(id: image.id, reason: "\(what) (must force) - \(reason)")
    }
    var gone = [name]
    if name.digest == nil,
      !image.names.contains(where: { $0 != name && $0.digest == nil && $0.repository == name.repository })
    {
      // Digests of a repository's images are remembered as long as one of its tags is.
      gone += image.names.filter { $0.digest != nil && $0.repository == name.repository }
    }
    let untagging = image.event(.untag)
    if gone.count == image.names.count, conflict(of: image, force: force, user) == nil {
      return try await delete(image, named: gone, telling: [untagging])
    }
    for name in gone { try await untag(name, telling: name == gone[0] ? [untagging] : []) }
    return gone.map { .untagged($0) }
  }

  private func remove(_ image: ResolvedImage, force: Bool, _ use: Use) async throws -> [ImageRemoval] {
    let user = try await use(image.id)
    if let conflict = conflict(of: image, force: force, mindingNames: !image.hasSingleName, user) { throw conflict }
    return try await delete(image, named: image.names, telling: image.names.map { _ in image.event(.untag) })
  }

  /// Removes the images that `image` was made of, from the nearest on, as long as nothing else needs them.
  private func removeParents(of image: ResolvedImage, _ use: Use) async throws -> [ImageRemoval] {
    var removed: [ImageRemoval] = []
    var next = image.record.parent
    while let parent = next.flatMap({ images[$0] }), parent.names.isEmpty,
      conflict(of: parent, force: false, try await use(parent.id)) == nil
    {
      removed += try await delete(parent, named: [], telling: [])
      next = parent.record.parent
    }
    return removed
  }

  /// Why the image cannot go, if so, in the order in which Docker looks.
  /// - Parameter mindingNames: whether it matters that it has names.
  private func conflict(
    of image: ResolvedImage, force: Bool, mindingNames: Bool = false, _ user: ImageUse
  ) -> ImageError? {
    func refusal(_ remedy: String, _ reason: String) -> ImageError {
      .inUse(id: image.id, reason: "unable to delete \(image.id.short) (\(remedy)) - \(reason)")
    }
    if hasChildren(image.id) { return refusal("cannot be forced", "image has dependent child images") }
    if case .running(let id) = user {
      return refusal("cannot be forced", "image is being used by running container \(id.prefix(12))")
    }
    if force { return nil }
    if mindingNames { return refusal("must be forced", "image is referenced in multiple repositories") }
    guard case .stopped(let id) = user else { return nil }
    return refusal("must be forced", "image is being used by stopped container \(id.prefix(12))")
  }

  private func hasChildren(_ id: Digest) -> Bool { images.values.contains { $0.record.parent == id } }

  private func untag(_ name: Reference, telling events: [ImageEvent]) async throws {
    try await catalog.removeName(name, telling: events)
    guard let id = ids.removeValue(forKey: name) else { return }
    images[id]?.record.names.removeAll { $0 == name }
  }

  private func delete(
    _ image: ResolvedImage, named names: [Reference], telling events: [ImageEvent]
  ) async throws -> [ImageRemoval] {
    try await catalog.remove(image.id, telling: events + [image.event(.delete)])
    forget(image.id)
    let removed = try await removeUnused(blobs, layers, candidates: image)
    return names.map { .untagged($0) } + [.deleted(image.id)] + removed.map { .deleted($0) }
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
