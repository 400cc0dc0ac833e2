package import Containers
internal import EngineAPI
package import Images
package import OCIImageSpec

extension Route {
  /// `POST /containers/prune` and `POST /images/prune`.
  /// - Parameter use: who makes containers of the image with this ID.
  package static func prune(
    _ containers: ContainerService, _ images: ImageService,
    use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) -> [Route] {
    [
      Route(.POST, "/containers/prune") { request in
        let filters = try request.query.filters()
        try filters.check(known: ["label", "label!", "until"])
        var wish = ContainerPruneRequest()
        wish.until = try UntilFilter.time(filters, now: .now())
        wish.labels = filters["label"]
        wish.excludedLabels = filters["label!"]
        let (ids, reclaimed) = try await containers.prune(wish)
        var answer = ContainersPruneResponse()
        answer.containersDeleted = ids.isEmpty ? nil : ids.map(\.text)
        answer.spaceReclaimed = UInt64(clamping: reclaimed)
        return .json(answer)
      },
      Route(.POST, "/images/prune") { request in
        let prune = try ImagePrune(try request.query.filters(), now: .now())
        let answer = try await prune.run(images, use: use)
        await images.pruned(reclaimed: Int64(clamping: answer.spaceReclaimed))
        return .json(answer)
      },
    ]
  }
}

/// Removes images of which there are no containers.
struct ImagePrune {
  private let isDangling: Bool
  private let until: Timestamp?
  private let labels: [LabelPattern]
  private let excluded: [LabelPattern]

  init(_ filters: Filters, now: Timestamp) throws(APIError) {
    try filters.check(known: ["dangling", "label", "label!", "until"])
    isDangling = try filters.bool("dangling") ?? true
    until = try UntilFilter.time(filters, now: now)
    labels = filters["label"].map(LabelPattern.init)
    excluded = filters["label!"].map(LabelPattern.init)
  }

  func takes(_ image: ResolvedImage) -> Bool {
    if isDangling, !image.isDangling { return false }
    if let until, image.created > until.nanoseconds { return false }
    let own = image.configuration.config?.labels ?? [:]
    return labels.allSatisfy { $0.matches(own) } && !excluded.contains { $0.matches(own) }
  }

  func run(
    _ images: ImageService, use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) async throws -> ImagesPruneResponse {
    var answer = ImagesPruneResponse()
    let before = try await images.diskUsage()
    let all = await images.list()
    let parents = Set(all.compactMap(\.record.parent))
    for image in all where takes(image) && !(image.names.isEmpty && parents.contains(image.id)) {
      for name in image.names.isEmpty ? [image.id.description] : image.names.map(\.canonical) {
        let removed = try await remove(name, from: images, use)
        answer.imagesDeleted = (answer.imagesDeleted ?? []) + removed.map { ImageDeleteResponseItem($0) }
      }
    }
    if answer.imagesDeleted?.isEmpty == true { answer.imagesDeleted = nil }
    try await images.collect()
    // Nobody knows what labels they will have.
    if labels.isEmpty, excluded.isEmpty { try await images.removeParts(before: until?.seconds ?? .max) }
    answer.spaceReclaimed = UInt64(clamping: try await images.freed(since: before))
    return answer
  }

  private func remove(
    _ name: String, from images: ImageService, _ use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) async throws -> [ImageRemoval] {
    do {
      return try await images.remove(name, force: false) { id in
        let use = try await use(id)
        // Whoever makes a container of it meanwhile keeps it.
        guard use == .unused else { throw ImageError.inUse(id: id, reason: "a container uses it") }
        return use
      }
    } catch ImageError.inUse { return [] } catch ImageError.notFound { return [] }
  }
}
