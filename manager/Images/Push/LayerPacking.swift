internal import NIOPosix
internal import OCIImageSpec
internal import Tar

/// Compresses the blob of one layer, a piece at a time. Blocks.
private final class LayerPacking<Blob: BlobIngest>: @unchecked Sendable {
  // Used by one thread after the other.
  /// Pieces of one step: what is compressed before anybody is asked whether that is still wanted.
  private static var pieces: Int { 64 }

  let blob: Blob
  private let packed: Gzip
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

  init<Blobs: BlobStore>(_ layer: Descriptor, in blobs: Blobs) throws where Blobs.Ingest == Blob {
    let file = SharedFile(try blobs.openArrived(layer.digest))
    packed = try Gzip(FileSource(file, offset: 0, size: .max))
    blob = try blobs.ingest()
  }

  deinit { buffer.deallocate() }

  /// - Returns: whether there is more to do.
  func step() throws -> Bool {
    for _ in 0..<Self.pieces {
      let count = try packed.read(into: buffer)
      if count == 0 { return false }
      try blob.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return true
  }

  var descriptor: Descriptor { Descriptor(mediaType: .layerGzip, digest: blob.digest, size: blob.size) }
}

extension ImageService {
  /// Compresses those of the image's layers that are kept as they are, and keeps them so from then on, in all images that have
  /// them: who pushes again sends the same, which is there already. The caller removes what is needed no more.
  /// - Throws: ``ImageError/notFound(_:)`` if the image is removed meanwhile.
  func packed<Blobs: BlobStore>(_ image: ResolvedImage, in blobs: Blobs) async throws -> ResolvedImage {
    let plain: Set<MediaType> = [.layer, .dockerLayer]
    guard image.record.manifest == nil else { return image }
    for layer in image.record.layers where plain.contains(layer.mediaType) {
      guard images[image.id]?.record.layers.contains(layer) == true else { continue }
      try await pack(layer, in: blobs)
    }
    guard let packed = images[image.id] else { throw ImageError.notFound("\(image.id)") }
    return packed
  }

  private func pack<Blobs: BlobStore>(_ layer: Descriptor, in blobs: Blobs) async throws {
    let pool = pool
    let packing = try await pool.runIfActive { try LayerPacking(layer, in: blobs) }
    do {
      while try await pool.runIfActive({ try packing.step() }) { try Task.checkCancellation() }
    } catch {
      try await pool.runIfActive { packing.blob.abandon() }
      throw error
    }
    try await change { service in try await service.replace(layer, by: packing, in: blobs) }
  }

  private func replace<Blobs: BlobStore>(
    _ layer: Descriptor, by packing: LayerPacking<Blobs.Ingest>, in blobs: Blobs
  ) async throws {
    let packed = packing.descriptor
    // Those that came with a manifest are sent with that, which names the layer as it is.
    let users = images.values.filter { $0.record.manifest == nil && $0.record.layers.contains(layer) }
    try await pool.runIfActive {
      if users.isEmpty { packing.blob.abandon() } else { try packing.blob.finish(expecting: packed.digest) }
    }
    for image in users {
      var changed = image
      changed.record.layers = image.record.layers.map { $0 == layer ? packed : $0 }
      try await catalog.put(changed.record, telling: [])
      remember(changed)
    }
  }
}
