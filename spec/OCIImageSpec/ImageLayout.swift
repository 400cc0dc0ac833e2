public import JSON

/// The `oci-layout` file at the root of an image layout (image-spec image-layout.md).
public struct ImageLayout: JSONMappable, Equatable, Sendable {
  /// The one version there is.
  public static let version = "1.0.0"

  public var imageLayoutVersion = ImageLayout.version
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("imageLayoutVersion", &imageLayoutVersion)
    guard imageLayoutVersion == Self.version else {
      let reason = "version \"\(imageLayoutVersion)\" is not supported, only \(Self.version) is"
      throw JSONError(.invalid(reason), path: "imageLayoutVersion")
    }
    json.unknown(&unknown)
  }
}

/// Annotations that image layouts use (image-spec annotations.md).
public enum Annotation {
  /// The tag of a manifest in `index.json`; some tools write the whole reference.
  public static let referenceName = "org.opencontainers.image.ref.name"
  /// The whole reference, as containerd and Docker write it.
  public static let containerdImageName = "io.containerd.image.name"
}
