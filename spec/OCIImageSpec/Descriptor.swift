public import JSON

/// What a blob is, how long, and by which digest it is found (image-spec descriptor.md).
public struct Descriptor: JSONMappable, Equatable, Sendable {
  public var mediaType: MediaType
  public var digest: Digest
  /// Bytes, never negative.
  public var size: Int64
  public var urls: [String] = []
  public var annotations: [String: String] = [:]
  /// The blob itself in base64, or `nil`.
  public var data: String?
  public var platform: Platform?
  public var artifactType: String?
  public var unknown = JSONObject()

  public init(mediaType: MediaType, digest: Digest, size: Int64) {
    self.mediaType = mediaType
    self.digest = digest
    self.size = size
  }

  /// An empty blob of unknown kind; what reading starts from.
  public init() { self.init(mediaType: MediaType(rawValue: ""), digest: .ofNothing, size: 0) }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("mediaType", &mediaType)
    try json.required("digest", &digest)
    try json.required("size", &size)
    guard size >= 0 else { throw JSONError(.invalid("must not be negative"), path: "size") }
    try json.nonEmpty("urls", &urls)
    try json.nonEmpty("annotations", &annotations)
    try json.optional("data", &data)
    try json.optional("platform", &platform)
    try json.optional("artifactType", &artifactType)
    json.unknown(&unknown)
  }
}

extension Digest {
  /// The digest of no bytes at all.
  public static let ofNothing = Digest(
    sha256: [
      0xE3, 0xB0, 0xC4, 0x42, 0x98, 0xFC, 0x1C, 0x14, 0x9A, 0xFB, 0xF4, 0xC8, 0x99, 0x6F, 0xB9, 0x24,
      0x27, 0xAE, 0x41, 0xE4, 0x64, 0x9B, 0x93, 0x4C, 0xA4, 0x95, 0x99, 0x1B, 0x78, 0x52, 0xB8, 0x55,
    ])
}
