internal import OCIImageSpec
internal import Tar

/// A layer on its way from the archive to the disk: copied into a blob, uncompressed, and hashed before and after that.
final class LayerStream {
  private let copied: CopyingSource
  private let blob: any BlobIngest
  private let entry: String
  /// Hashes what was uncompressed; `nil` if nothing had to be: then the blob's digest is the content's.
  private var hashed: HashingSource?
  private var plain: (any ByteSource)?

  /// - Parameter entry: the name of the file that `source` reads.
  init(_ source: any ByteSource, to blob: any BlobIngest, entry: String) {
    copied = CopyingSource(source, to: blob)
    self.blob = blob
    self.entry = entry
  }

  /// The tar archive. Asked for once.
  func content() throws -> any ByteSource {
    let (source, compression) = try Compression.uncompressed(copied, entry: entry)
    hashed = compression == .none ? nil : HashingSource(source)
    let plain: any ByteSource = hashed ?? source
    self.plain = plain
    return plain
  }

  /// Reads the archive to its end, where nothing that counts may be but everything is hashed.
  /// - Throws: ``ImageError/digestMismatch(entry:expected:actual:)``.
  func verifyContent(_ expected: Digest) throws {
    try plain?.drain()
    let actual = hashed?.digest ?? blob.digest
    guard actual == expected else {
      throw ImageError.digestMismatch(entry: entry, expected: expected, actual: actual)
    }
  }

  /// Reads the file to its end.
  /// - Returns: the digest of the blob.
  /// - Throws: ``ImageError/digestMismatch(entry:expected:actual:)``.
  @discardableResult
  func verifyBlob(_ expected: Digest?) throws -> Digest {
    try copied.drain()
    let actual = blob.digest
    if let expected, expected != actual {
      throw ImageError.digestMismatch(entry: entry, expected: expected, actual: actual)
    }
    return actual
  }
}
