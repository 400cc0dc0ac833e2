internal import NIOPosix
internal import OCIImageSpec
internal import Tar

/// Looks whether blobs are what their names say, and fetches those again that are not.
struct BlobRepair<Blobs: BlobStore> {
  let blobs: Blobs
  let registry: (any RemoteRegistry)?
  let pool: NIOThreadPool

  /// What is wrong with the blob, for a person; nil if nothing is.
  func fault(_ digest: Digest) async throws -> String? {
    try await pool.runIfActive {
      guard try blobs.contains(digest) else { return "it is missing" }
      do {
        let content = HashingSource(FileSource(SharedFile(try blobs.openArrived(digest)), offset: 0, size: .max))
        try content.drain()
        return content.digest == digest ? nil : "its content has digest \(content.digest)"
      } catch { return "it cannot be read: \(error)" }
    }
  }

  /// Brings the blob of an image here again.
  /// - Throws: ``ImageError`` with the reason why not.
  func fetch(_ digest: Digest, of record: ImageRecord) async throws {
    var failure = ImageError.failed("the image did not come from a registry")
    // Only a digest says that it did.
    for name in record.names where name.digest != nil {
      do {
        guard let registry else { break }
        let repository = try await registry.repository(name, as: RegistryCredentials())
        return try await fetch(digest, of: record, from: repository)
      } catch let error as ImageError { failure = error }
    }
    throw failure
  }

  private func fetch(_ digest: Digest, of record: ImageRecord, from repository: any RemoteRepository) async throws {
    if digest == record.manifest {
      let manifest = try await repository.manifest(digest.description)
      return try await pool.runIfActive {
        try blobs.remove(digest)
        let blob = try blobs.ingest()
        try manifest.bytes.withUnsafeBytes { try blob.write($0) }
        try blob.finish(expecting: digest)
      }
    }
    let descriptor = try await descriptor(digest, of: record, from: repository)
    let part = try await PartialBlob.resume(digest, in: blobs, on: pool)
    try await part.restart()
    try await repository.blob(
      descriptor, from: 0, restart: { try await part.restart() }, write: { try await part.write($0) })
    guard try await part.seal(descriptor) else {
      throw ImageError.remote(.invalid, "the registry sent something else for \(digest)")
    }
    try await pool.runIfActive {
      try blobs.remove(digest)
      try blobs.adopt(digest)
    }
  }

  private func descriptor(
    _ digest: Digest, of record: ImageRecord, from repository: any RemoteRepository
  ) async throws -> Descriptor {
    if let layer = record.layers.first(where: { $0.digest == digest }) { return layer }
    guard let manifest = record.manifest else { throw ImageError.failed("the image has no manifest") }
    let document = try await repository.manifest(manifest.description)
    guard case .manifest(let parsed) = try ManifestDocument(document), parsed.config.digest == digest else {
      throw ImageError.remote(.invalid, "the image's manifest does not name \(digest)")
    }
    return parsed.config
  }
}
