public import JSON

/// A list of manifests, or of further lists (image-spec image-index.md).
public struct Index: JSONMappable, Equatable, Sendable {
  public var schemaVersion: Int = 2
  public var mediaType: MediaType?
  public var artifactType: String?
  public var manifests: [Descriptor] = []
  public var subject: Descriptor?
  public var annotations: [String: String] = [:]
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("schemaVersion", &schemaVersion)
    try Manifest.check(schemaVersion)
    try json.optional("mediaType", &mediaType)
    try json.optional("artifactType", &artifactType)
    try json.required("manifests", &manifests)
    try json.optional("subject", &subject)
    try json.nonEmpty("annotations", &annotations)
    json.unknown(&unknown)
  }
}
