public import JSON

/// The machine that an image is for (image-spec image-index.md, `platform`).
public struct Platform: JSONMappable, Hashable, Sendable {
  public var architecture = ""
  public var os = ""
  public var variant: String?
  public var osVersion: String?
  public var osFeatures: [String] = []
  public var unknown = JSONObject()

  public init() {}

  public init(os: String, architecture: String, variant: String? = nil) {
    self.os = os
    self.architecture = architecture
    self.variant = variant
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("architecture", &architecture)
    try json.required("os", &os)
    try json.optional("os.version", &osVersion)
    try json.nonEmpty("os.features", &osFeatures)
    try json.optional("variant", &variant)
    json.unknown(&unknown)
  }

  /// Whether an image for `image` runs on this machine: the same system and architecture, and the same variant if both
  /// name one. `v8` of `arm64` is its default and counts as unnamed.
  public func runs(_ image: Platform) -> Bool {
    os == image.os && architecture == image.architecture
      && (variantName == nil || image.variantName == nil || variantName == image.variantName)
  }

  private var variantName: String? {
    guard let variant, !variant.isEmpty, !(architecture == "arm64" && variant == "v8") else { return nil }
    return variant
  }

  // By hand, because the members of an unknown object have no hash; equality is synthesised and compares everything.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(os)
    hasher.combine(architecture)
    hasher.combine(variant)
  }
}

extension Platform: CustomStringConvertible {
  /// `linux/arm/v7`, as `--platform` takes it.
  public var description: String { ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/") }
}
