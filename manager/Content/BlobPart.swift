public import OCIImageSpec

/// What came of a blob before its writer ended.
public struct BlobPart: Equatable, Sendable {
  /// Of the whole blob.
  public var digest: Digest
  /// Bytes that it takes on the disk.
  public var allocated: Int64
  /// Seconds since 1970 of the last time that something was written to it.
  public var modified: Int64
}
