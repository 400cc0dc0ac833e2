public import JSON

/// The answer to `POST /proa/fsck`, which Docker does not have.
public struct FsckReport: JSONMappable, Equatable, Sendable {
  /// Something that is not as it must be.
  public struct Fault: JSONMappable, Equatable, Sendable {
    /// `blob`, `layer`, `stray blob` or `stray layer`.
    public var kind = ""
    public var digest = ""
    /// The images that need it.
    public var images: [String] = []
    public var reason = ""
    public var isRepaired = false
    /// Why it was not repaired; empty if nobody asked for it.
    public var obstacle = ""

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Kind", &kind)
      try json.field("Digest", &digest)
      try json.field("Images", &images)
      try json.field("Reason", &reason)
      try json.field("Repaired", &isRepaired)
      try json.field("Obstacle", &obstacle)
    }
  }

  /// How many were looked at.
  public var blobs: Int64 = 0
  public var layers: Int64 = 0
  public var faults: [Fault] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Blobs", &blobs)
    try json.field("Layers", &layers)
    try json.field("Faults", &faults)
  }
}
