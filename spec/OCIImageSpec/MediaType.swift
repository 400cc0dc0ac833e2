public import JSON

/// What a blob is (image-spec media-types.md). Any text is kept; the known ones have names.
public struct MediaType: RawRepresentable, Hashable, Sendable, JSONConvertible {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let index = Self(rawValue: "application/vnd.oci.image.index.v1+json")
  public static let manifest = Self(rawValue: "application/vnd.oci.image.manifest.v1+json")
  public static let configuration = Self(rawValue: "application/vnd.oci.image.config.v1+json")
  public static let layer = Self(rawValue: "application/vnd.oci.image.layer.v1.tar")
  public static let layerGzip = Self(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
  public static let layerZstd = Self(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
  public static let dockerManifestList = Self(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
  public static let dockerManifest = Self(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
  public static let dockerConfiguration = Self(rawValue: "application/vnd.docker.container.image.v1+json")
  public static let dockerLayer = Self(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
  public static let dockerLayerGzip = Self(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")

  /// Whether the blob is a list of manifests, one per platform.
  public var isIndex: Bool { self == .index || self == .dockerManifestList }

  /// Whether the blob is the manifest of one image.
  public var isManifest: Bool { self == .manifest || self == .dockerManifest }

  /// Whether the blob is the configuration of a container image, and not of some other artifact.
  public var isConfiguration: Bool { self == .configuration || self == .dockerConfiguration }
}
