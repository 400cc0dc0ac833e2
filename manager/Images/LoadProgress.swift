public import OCIImageSpec

/// What a load is doing, for whoever waits for it.
public enum LoadProgress: Equatable, Sendable {
  /// A layer is being unpacked.
  case unpacking(layer: Digest, size: Int64)
  /// An existing image loses a name to one of the archive.
  case renaming(Reference, from: Digest)
  /// An image is there, under these names or none.
  case loaded(id: Digest, names: [Reference])
}
