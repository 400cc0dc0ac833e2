internal import LinuxKernel
public import NIOCore
internal import NIOPosix
internal import OCIImageSpec
internal import Tar

extension ImageService {
  /// Bytes of a blob that are read at once.
  private static var pieceSize: Int { 256 << 10 }

  /// Writes an archive of the images: ``ArchiveContents``.
  /// - Parameter write: takes the next bytes.
  /// - Throws: ``ImageError``, or what `write` throws; what was written is worth nothing then.
  public func save(
    _ selection: ImageSelection, write: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    try await keeping(selection.items.map(\.image)) { try await save(selection, from: blobs, write) }
    await catalog.tell(selection.items.map { $0.image.event(.save) })
  }

  private func save<Blobs: BlobStore>(
    _ selection: ImageSelection, from blobs: Blobs, _ write: @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    var images: [ArchiveContents.Image] = []
    for item in selection.items {
      let manifest = try await pool.runIfActive { try Self.manifest(of: item.image, in: blobs) }
      images.append(ArchiveContents.Image(item: item, manifest: manifest))
    }
    for name in ArchiveContents.folders { try await write(Self.header(name, .directory)) }
    for (name, file) in ArchiveContents(images).files {
      switch file {
      case .text(let bytes):
        var buffer = Self.header(name, .regular, size: Int64(bytes.count))
        buffer.writeBytes(bytes)
        buffer.writeRepeatingByte(0, count: TarWriter.padding(Int64(bytes.count)))
        try await write(buffer)
      case .blob(let digest): try await copy(digest, from: blobs, as: name, write)
      }
    }
    try await write(ByteBuffer(bytes: TarWriter.end))
  }

  /// The manifest that the image came with, if all that it names is here; else a new one.
  private static func manifest<Blobs: BlobStore>(of image: ResolvedImage, in blobs: Blobs) throws -> PushedManifest {
    if let digest = image.record.manifest {
      let kept = try PushedManifest(kept: try blobs.read(digest, limit: 4 << 20))
      if kept.describes(image), try kept.manifest.layers.allSatisfy({ try blobs.contains($0.digest) }) { return kept }
    }
    let size = Int64(try blobs.read(image.id, limit: 16 << 20).count)
    return PushedManifest(of: image, configurationSize: size, in: .oci)
  }

  private func copy<Blobs: BlobStore>(
    _ digest: Digest, from blobs: Blobs, as name: String, _ write: @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    let (file, size) = try await pool.runIfActive {
      let file = SharedFile(try blobs.openArrived(digest))
      return (file, try file.descriptor.status().size)
    }
    try await write(Self.header(name, .regular, size: size))
    var position: Int64 = 0
    while position < size {
      let piece = try await piece(of: file, at: position, count: Int(min(Int64(Self.pieceSize), size - position)))
      guard piece.readableBytes > 0 else { throw ImageError.failed("blob \(digest) was cut off") }
      position += Int64(piece.readableBytes)
      try await write(piece)
    }
    try await write(ByteBuffer(repeating: 0, count: TarWriter.padding(size)))
  }

  private func piece(of file: SharedFile, at position: Int64, count: Int) async throws -> ByteBuffer {
    try await pool.runIfActive {
      var buffer = ByteBuffer()
      try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
        try file.descriptor.read(into: .init(rebasing: $0[..<count]), at: position)
      }
      return buffer
    }
  }

  private static func header(_ name: String, _ kind: TarEntry.Kind, size: Int64 = 0) -> ByteBuffer {
    var entry = TarEntry()
    entry.name = Array(name.utf8)
    entry.kind = kind
    entry.mode = kind == .directory ? 0o755 : 0o644
    entry.size = size
    return ByteBuffer(bytes: TarWriter.header(entry))
  }
}
