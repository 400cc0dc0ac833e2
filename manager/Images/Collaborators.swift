public import LinuxKernel
public import OCIImageSpec

/// What ``ImageService`` needs of a store of blobs. All calls block.
public protocol BlobStore: Sendable {
  associatedtype Ingest: BlobIngest

  /// Begins a blob.
  func ingest() throws -> Ingest
  /// Begins a blob that is to have this digest, or goes on with what is there of it.
  func resume(_ digest: Digest) throws -> Ingest
  /// Makes a blob one of the store that ``BlobIngest/seal(expecting:size:)`` ended.
  func adopt(_ digest: Digest) throws
  /// Opens a blob that is complete, be it sealed only.
  func openArrived(_ digest: Digest) throws -> FileDescriptor
  func contains(_ digest: Digest) throws -> Bool
  /// The whole blob.
  func read(_ digest: Digest, limit: Int) throws -> [UInt8]
  func remove(_ digest: Digest) throws
  func list() throws -> [Digest]
  /// Bytes that the blob takes on the disk; 0 if there is none.
  func allocated(_ digest: Digest) throws -> Int64
  /// What there is of blobs that can be resumed.
  func parts() throws -> [UnfinishedBlob]
  /// Removes what there is of a blob that can be resumed; nothing is fine.
  func removePart(_ digest: Digest) throws
}

/// What there is of a blob that can be resumed.
public struct UnfinishedBlob: Equatable, Sendable {
  /// Of the whole blob.
  public var digest: Digest
  /// Bytes that it takes on the disk.
  public var allocated: Int64
  /// Seconds since 1970 of the last time that something was written to it.
  public var modified: Int64

  public init(digest: Digest, allocated: Int64, modified: Int64) {
    (self.digest, self.allocated, self.modified) = (digest, allocated, modified)
  }
}

/// One blob that is being written.
public protocol BlobIngest: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws
  /// The digest of what was written so far.
  var digest: Digest { get }
  /// Bytes written so far.
  var size: Int64 { get }
  /// Throws away what was written so far, to write everything from the beginning.
  func restart() throws
  /// Verifies a blob that was resumed, and makes it durable, without a name in the store yet.
  func seal(expecting digest: Digest, size: Int64) throws
  /// Verifies the blob and makes it durable.
  /// - Throws: if it does not hash to `digest`; it is thrown away then.
  func finish(expecting digest: Digest) throws
  func abandon()
}

/// What ``ImageService`` needs of a store of layers, by chain ID. All calls block.
public protocol LayerStore: Sendable {
  associatedtype Draft: Sendable

  func contains(_ chainID: Digest) throws -> Bool
  /// Begins a layer; `directory(of:)` is to be filled, then it is committed or discarded.
  func prepare(_ chainID: Digest, parent: Digest?) throws -> Draft
  func directory(of draft: Draft) -> String
  /// Makes a draft comparable with a layer; nothing more is written to it then.
  /// - Returns: the directory to compare with the layer's.
  func finish(_ draft: Draft) throws -> String
  /// Where a layer's files are.
  func directory(of chainID: Digest) -> String
  /// The layers below, the nearest first.
  func parents(of chainID: Digest) throws -> [Digest]
  /// Puts a draft, whatever its name, in the place of a layer that no container stands on.
  func replace(_ chainID: Digest, with draft: Draft) throws
  func commit(_ draft: Draft) throws
  func discard(_ draft: Draft) throws
  /// Records that `name` (ends in 0) of the layers below is gone.
  func removeEntry(_ name: [CChar], in directory: borrowing FileDescriptor) throws
  /// Records that everything the layers below have in `directory` is gone.
  func removeLowerEntries(of directory: borrowing FileDescriptor) throws
  /// Bytes of the layer's files.
  func size(_ chainID: Digest) throws -> Int64
  /// The same, counted now.
  func countedSize(_ chainID: Digest) throws -> Int64
  /// Bytes that the layer takes on the disk; 0 if there is none.
  func allocated(_ chainID: Digest) throws -> Int64
  /// Removes the layer, unless something stands on it.
  /// - Returns: whether it is gone.
  func remove(_ chainID: Digest) throws -> Bool
  func list() throws -> [Digest]
}

/// Where ``ImageService`` keeps its records. What is told with a change is told if the change is made, and only then.
public protocol ImageCatalog: Sendable {
  /// All records that can be read, and whether those are all there are.
  func records() async throws -> (records: [ImageRecord], isComplete: Bool)
  /// Adds or replaces the record; its names name no other image from then on. On the disk when it returns.
  func put(_ record: ImageRecord, telling events: [ImageEvent]) async throws
  /// Takes a name away.
  func removeName(_ name: Reference, telling events: [ImageEvent]) async throws
  /// Removes the record with its names.
  func remove(_ id: Digest, telling events: [ImageEvent]) async throws
  /// Tells what changes no record.
  func tell(_ events: [ImageEvent]) async
}
