public import OCIImageSpec

/// What a check of all images found.
public struct ImageCheckReport: Equatable, Sendable {
  /// How many were looked at.
  public var blobs = 0
  public var layers = 0
  public var faults: [ImageFault] = []
}

/// Something of images that is not as it must be.
public struct ImageFault: Equatable, Sendable {
  public enum Kind: String, Sendable {
    case blob, layer
    /// Blobs and layers that nothing needs.
    case strayBlob = "stray blob"
    case strayLayer = "stray layer"
  }

  /// What was done about it.
  public enum Repair: Equatable, Sendable {
    case none
    case done
    /// Why it could not be, for a person.
    case impossible(String)
  }

  public var kind: Kind
  /// A blob's own, or the chain ID of a layer.
  public var digest: Digest
  /// Names, or IDs, of the images that need it.
  public var images: [String]
  /// For a person.
  public var reason: String
  public var repair = Repair.none
}
