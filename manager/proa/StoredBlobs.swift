package import Content
package import Images
package import LinuxKernel
package import OCIImageSpec

/// Keeps the blobs of images in the content store.
package struct StoredBlobs: BlobStore {
  let store: ContentStore

  package init(_ store: ContentStore) { self.store = store }

  package func ingest() throws -> StoredBlob { StoredBlob(try store.ingest()) }
  package func resume(_ digest: Digest) throws -> StoredBlob { StoredBlob(try store.resume(digest)) }
  package func adopt(_ digest: Digest) throws { try store.adopt(digest) }
  package func openArrived(_ digest: Digest) throws -> FileDescriptor { try store.openArrived(digest) }
  package func contains(_ digest: Digest) throws -> Bool { try store.contains(digest) }
  package func read(_ digest: Digest, limit: Int) throws -> [UInt8] { try store.read(digest, limit: limit) }
  package func remove(_ digest: Digest) throws { try store.remove(digest) }
  package func list() throws -> [Digest] { try store.list() }
  package func allocated(_ digest: Digest) throws -> Int64 { try store.allocated(digest) }
  package func removePart(_ digest: Digest) throws { try store.removePart(digest) }

  package func parts() throws -> [UnfinishedBlob] {
    try store.parts().map { UnfinishedBlob(digest: $0.digest, allocated: $0.allocated, modified: $0.modified) }
  }
}

/// A blob on its way into the content store.
package final class StoredBlob: BlobIngest {
  private let writer: BlobWriter

  init(_ writer: BlobWriter) { self.writer = writer }

  package func write(_ bytes: UnsafeRawBufferPointer) throws { try writer.write(bytes) }
  package var digest: Digest { writer.digest }
  package var size: Int64 { writer.size }
  package func restart() throws { try writer.restart() }
  package func seal(expecting digest: Digest, size: Int64) throws { try writer.seal(expecting: digest, size: size) }
  package func finish(expecting digest: Digest) throws { try writer.commit(expecting: digest) }
  package func abandon() { writer.abandon() }
}
