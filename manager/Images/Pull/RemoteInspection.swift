public import OCIImageSpec

/// What a registry says of a name, without anything being fetched but descriptions.
public struct RemoteInspection: Equatable, Sendable {
  /// What the name stands for.
  public var descriptor: Descriptor
  /// The machines that there are images for.
  public var platforms: [Platform]
}

extension ImageService {
  /// Asks a registry about a name.
  /// - Throws: ``ImageError`` or `CancellationError`.
  public func inspectRemote(
    _ name: Reference, as credentials: RegistryCredentials = RegistryCredentials()
  ) async throws -> RemoteInspection {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    let repository = try await registry.repository(name, as: credentials)
    let document = try await repository.manifest(name.digest?.description ?? name.tag ?? "")
    let size = Int64(document.bytes.count)
    switch try ManifestDocument(document) {
    case .index(let index):
      let type = index.mediaType ?? MediaType(rawValue: document.mediaType)
      return RemoteInspection(
        descriptor: Descriptor(mediaType: type, digest: document.digest, size: size),
        platforms: index.manifests.compactMap(\.platform))
    case .manifest(let manifest):
      let image = RemoteImage(
        name: name, digest: document.digest, manifest: manifest, document: document, repository: repository, wanted: nil
      )
      await pin([manifest.config.digest])
      defer { unpin([manifest.config.digest]) }
      let configuration = try await configuration(of: image, from: blobs)
      let type = manifest.mediaType ?? MediaType(rawValue: document.mediaType)
      return RemoteInspection(
        descriptor: Descriptor(mediaType: type, digest: document.digest, size: size),
        platforms: [configuration.platform])
    }
  }

  /// All tags that a repository has.
  public func remoteTags(of name: Reference, as credentials: RegistryCredentials) async throws -> [String] {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    return try await registry.repository(name, as: credentials).tags()
  }

  /// Asks a registry for repositories.
  /// - Parameters:
  ///   - term: what to look for; a registry's name and a slash may stand before it.
  ///   - limit: how many it is to name at most.
  public func search(
    _ term: String, limit: Int, as credentials: RegistryCredentials
  ) async throws -> [RemoteSearchResult] {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    return try await registry.search(term, limit: limit, as: credentials)
  }

  /// Finds out whether a registry knows somebody.
  /// - Returns: what to use instead of the password from now on; empty if nothing.
  public func login(_ server: String, as credentials: RegistryCredentials) async throws -> String {
    guard let registry else { throw ImageError.failed("this engine has no client for registries") }
    return try await registry.login(server, as: credentials)
  }
}
