internal import Containers
internal import Images
internal import OCIImageSpec

/// Finds containers their images.
struct ImagesForContainers: ImageProvider {
  let images: ImageService

  func withImages<Result: Sendable>(
    named names: [String], _ body: @Sendable ([ContainerImage]) async throws -> Result
  ) async throws -> Result {
    do {
      return try await images.using(names) { images in
        try await body(
          images.map { image in
            ContainerImage(
              id: image.id.description, chainID: image.chainID?.description ?? "", configuration: image.configuration)
          })
      }
    } catch let error as ImageError { throw Self.translated(error) }
  }

  /// The image itself, and those whose layers begin with all of its.
  func descendants(of name: String) async throws -> Set<String> {
    let base: ResolvedImage
    do { base = try await images.resolve(name) } catch ImageError.notFound { return [] }
    let layers = base.configuration.rootfs.diffIDs
    let all = await images.list().filter { $0.id == base.id || $0.configuration.rootfs.diffIDs.starts(with: layers) }
    return Set(all.map(\.id.description))
  }

  func sizes() async -> [String: Int64] {
    Dictionary(uniqueKeysWithValues: await images.list().map { ($0.id.description, $0.record.size) })
  }

  func released(_ id: String) async {
    // Of what is no identifier there was no image.
    guard let id = try? Digest(id) else { return }
    await images.released(id)
  }

  private static func translated(_ error: ImageError) -> ContainerError {
    switch error {
    // With its tag, as dockerd says it: the command takes it for the sign to pull. An identifier's beginning may be no name.
    case .notFound(let name): .imageNotFound((try? Reference(name).familiar) ?? name)
    case .invalidReference: .invalid("invalid reference format")
    default: .invalid("\(error)")
    }
  }
}
