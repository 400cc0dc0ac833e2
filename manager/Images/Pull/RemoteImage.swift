internal import JSON
public import OCIImageSpec

/// An image at a registry that was found, but of which nothing is here yet.
public struct RemoteImage: Sendable {
  /// The name under which it was asked for.
  public let name: Reference
  /// The digest of what that name stands for: of the manifest, or of the index that lists it.
  public let digest: Digest
  let manifest: Manifest
  let document: RemoteManifest
  let repository: any RemoteRepository
  /// Whether somebody asked for this platform, and will not have another.
  let wanted: Platform?

  /// The tag or digest by which it was asked for.
  var reference: String { name.digest?.description ?? name.tag ?? "" }

  /// The names that it gets: a tag only where no digest was asked for.
  var names: [Reference] {
    let byDigest = name.digested(digest)
    return name.digest == nil ? [name, byDigest] : [byDigest]
  }
}

extension RemoteImage {
  private static let depthLimit = 4

  /// Looks for the image at its registry.
  /// - Throws: ``ImageError/remote(_:_:)`` or `CancellationError`.
  static func find(
    _ name: Reference, in repository: any RemoteRepository, for platform: Platform, wanted: Platform?
  ) async throws -> RemoteImage {
    var document = try await repository.manifest(name.digest?.description ?? name.tag ?? "")
    let digest = document.digest
    for _ in 0..<depthLimit {
      switch try ManifestDocument(document) {
      case .manifest(let manifest):
        return RemoteImage(
          name: name, digest: digest, manifest: manifest, document: document, repository: repository, wanted: wanted)
      case .index(let index):
        guard let best = PlatformChoice.best(of: index, for: platform) else {
          throw ImageError.remote(.notFound, "no matching manifest for \(platform) in the manifest list entries")
        }
        document = try await repository.manifest(best.digest.description)
        guard document.bytes.count == best.size,
          document.mediaType.isEmpty || document.mediaType == best.mediaType.rawValue
        else {
          throw ImageError.remote(.invalid, "manifest \(best.digest) is not what the manifest list says of it")
        }
      }
    }
    throw ImageError.remote(.invalid, "manifest lists are nested deeper than \(depthLimit) levels")
  }

  /// Reads the configuration, which is the image's own word on what it is.
  func configuration(_ bytes: [UInt8]) throws -> ImageConfiguration {
    let configuration: ImageConfiguration
    do {
      configuration = try ImageConfiguration(jsonText: bytes)
      try configuration.checkTimes()
    } catch {
      throw ImageError.remote(.invalid, "configuration \(manifest.config.digest): \(error)")
    }
    guard configuration.rootfs.diffIDs.count == manifest.layers.count else {
      throw ImageError.remote(
        .invalid,
        "configuration \(manifest.config.digest) has \(configuration.rootfs.diffIDs.count) layers, the manifest \(manifest.layers.count)"
      )
    }
    guard configuration.os == Platform.current.os else {
      throw ImageError.remote(
        .invalid, "image operating system \"\(configuration.os.prefix(40))\" cannot be used on this platform")
    }
    return configuration
  }
}
