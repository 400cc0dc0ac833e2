public import OCIImageSpec

/// What a load is doing, for whoever waits for it.
public enum LoadProgress: Equatable, Sendable {
  /// `current` of the `total` bytes of the file that holds a layer have been read. The layer goes by its diff ID.
  case unpacking(layer: Digest, current: Int64, total: Int64)
  /// An existing image loses a name to one of the archive.
  case renaming(Reference, from: Digest)
  /// An image is there, under these names or none.
  case loaded(id: Digest, names: [Reference])
}
