public import JSON

/// A manifest that an image came with (Engine API `ImageManifestSummary`).
public struct ImageManifestSummary: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var descriptor = ImageDescriptor()
  /// Whether all that it names is here.
  public var isAvailable = false
  public var size = Size()
  /// `image`, `attestation` or `unknown`.
  public var kind = ""
  public var imageData: ImageData?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("ID", &id)
    try json.field("Descriptor", &descriptor)
    try json.field("Available", &isAvailable)
    try json.field("Size", &size)
    try json.field("Kind", &kind)
    try json.optional("ImageData", &imageData)
    json.unknown(&unknown)
  }
}

extension ImageManifestSummary {
  /// Bytes.
  public struct Size: JSONMappable, Equatable, Sendable {
    /// Of everything, unpacked layers included.
    public var total: Int64 = 0
    /// Of the blobs.
    public var content: Int64 = 0
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Total", &total)
      try json.field("Content", &content)
      json.unknown(&unknown)
    }
  }

  /// What there is to say of one of the kind `image`.
  public struct ImageData: JSONMappable, Equatable, Sendable {
    public var platform = ImagePlatform()
    /// IDs of the containers that were made of it.
    public var containers: [String] = []
    public var size = UnpackedSize()
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Platform", &platform)
      try json.field("Containers", &containers)
      try json.field("Size", &size)
      json.unknown(&unknown)
    }
  }

  public struct UnpackedSize: JSONMappable, Equatable, Sendable {
    /// Bytes of the layers' files.
    public var unpacked: Int64 = 0
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Unpacked", &unpacked)
      json.unknown(&unknown)
    }
  }
}
