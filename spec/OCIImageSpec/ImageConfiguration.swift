public import JSON

/// The configuration of an image (image-spec config.md), with the members that Docker adds. Its digest is the image's ID.
public struct ImageConfiguration: JSONMappable, Equatable, Sendable {
  /// RFC 3339.
  public var created: String?
  public var author: String?
  public var architecture = ""
  public var os = ""
  public var osVersion: String?
  public var osFeatures: [String] = []
  public var variant: String?
  /// What a container of this image does if it is not told otherwise; `nil` if the image says nothing.
  public var config: ContainerDefaults?
  public var rootfs = RootFilesystem()
  public var history: [History] = []
  /// Docker's: what the image's author said with `--message`.
  public var comment: String?
  /// Docker's: the version of the engine that built the image.
  public var dockerVersion: String?
  /// What nobody needs any more (`container`, `container_config`, `id`, `parent`), and whatever comes later.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("created", &created)
    try json.optional("author", &author)
    try json.required("architecture", &architecture)
    try json.required("os", &os)
    try json.optional("os.version", &osVersion)
    try json.nonEmpty("os.features", &osFeatures)
    try json.optional("variant", &variant)
    try json.optional("config", &config)
    try json.required("rootfs", &rootfs)
    try json.nonEmpty("history", &history)
    try json.optional("comment", &comment)
    try json.optional("docker_version", &dockerVersion)
    json.unknown(&unknown)
  }

  /// The machine that the image is for.
  public var platform: Platform {
    var platform = Platform(os: os, architecture: architecture, variant: variant)
    platform.osVersion = osVersion
    platform.osFeatures = osFeatures
    return platform
  }
}

/// The layers of an image by the digests of their uncompressed content, from the bottom up (image-spec config.md, `rootfs`).
public struct RootFilesystem: JSONMappable, Equatable, Sendable {
  public var type = "layers"
  public var diffIDs: [Digest] = []
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("type", &type)
    guard type == "layers" else { throw JSONError(.invalid("expected \"layers\", found \"\(type)\""), path: "type") }
    // Go writes the empty list of a nil slice as null.
    try json.field("diff_ids", &diffIDs)
    json.unknown(&unknown)
  }
}

/// One step of an image's making (image-spec config.md, `history`).
public struct History: JSONMappable, Equatable, Sendable {
  /// RFC 3339.
  public var created: String?
  public var createdBy: String?
  public var author: String?
  public var comment: String?
  /// Whether the step made no layer.
  public var emptyLayer = false
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("created", &created)
    try json.optional("created_by", &createdBy)
    try json.optional("author", &author)
    try json.optional("comment", &comment)
    try json.flag("empty_layer", &emptyLayer)
    json.unknown(&unknown)
  }
}
