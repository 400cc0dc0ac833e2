public import JSON

/// One image: its configuration and its layers from the bottom up (image-spec manifest.md).
public struct Manifest: JSONMappable, Equatable, Sendable {
  public var schemaVersion: Int = 2
  public var mediaType: MediaType?
  public var artifactType: String?
  public var config = Descriptor()
  public var layers: [Descriptor] = []
  public var subject: Descriptor?
  public var annotations: [String: String] = [:]
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("schemaVersion", &schemaVersion)
    try Self.check(schemaVersion)
    try json.optional("mediaType", &mediaType)
    try json.optional("artifactType", &artifactType)
    try json.required("config", &config)
    try json.required("layers", &layers)
    try json.optional("subject", &subject)
    try json.nonEmpty("annotations", &annotations)
    json.unknown(&unknown)
  }

  static func check(_ schemaVersion: Int) throws(JSONError) {
    guard schemaVersion == 2 else {
      throw JSONError(.invalid("version \(schemaVersion) is not supported, only 2 is"), path: "schemaVersion")
    }
  }
}
