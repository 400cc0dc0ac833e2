public import JSON

/// A line of `GET /containers/json` (Engine API `ContainerSummary`).
public struct ContainerSummary: JSONMappable, Equatable, Sendable {
  public var id = ""
  /// With a slash before each.
  public var names: [String] = []
  /// The name that the container was created from.
  public var image = ""
  public var imageID = ""
  public var command = ""
  /// Seconds since 1970.
  public var created: Int64 = 0
  public var ports: [Port] = []
  /// Bytes; only if `size` was asked for.
  public var sizeRw: Int64?
  /// Bytes; only if `size` was asked for.
  public var sizeRootFs: Int64?
  public var labels: [String: String] = [:]
  public var state: ContainerStatus = .created
  /// For a person: `Up 2 minutes`, `Exited (0) 3 seconds ago`.
  public var status = ""
  public var hostConfig = Host()
  public var networkSettings: Connections?
  public var imageManifestDescriptor: ImageDescriptor?
  public var mounts: [MountPoint] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    try json.field("Names", &names)
    try json.field("Image", &image)
    try json.field("ImageID", &imageID)
    try json.field("Command", &command)
    try json.field("Created", &created)
    try json.field("Ports", &ports)
    try json.optional("SizeRw", &sizeRw)
    try json.optional("SizeRootFs", &sizeRootFs)
    try json.field("Labels", &labels)
    try json.field("State", &state)
    try json.field("Status", &status)
    try json.field("HostConfig", &hostConfig)
    try json.nullable("NetworkSettings", &networkSettings)
    try json.optional("ImageManifestDescriptor", &imageManifestDescriptor)
    try json.field("Mounts", &mounts)
    json.unknown(&unknown)
  }
}

extension ContainerSummary {
  /// Engine API `ContainerSummary.HostConfig`.
  public struct Host: JSONMappable, Equatable, Sendable {
    public var networkMode = ""
    public var annotations: [String: String] = [:]
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("NetworkMode", &networkMode)
      try json.nonEmpty("Annotations", &annotations)
      json.unknown(&unknown)
    }
  }
}

extension ContainerSummary {
  /// Engine API `ContainerSummary.NetworkSettings`.
  public struct Connections: JSONMappable, Equatable, Sendable {
    /// By name of the network.
    public var networks: [String: EndpointSettings]?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nullable("Networks", &networks)
      json.unknown(&unknown)
    }
  }
}

/// A port that is exposed or published (Engine API `Port`).
public struct Port: JSONMappable, Equatable, Sendable {
  /// The address on the host.
  public var ip = ""
  public var privatePort: UInt16 = 0
  /// `nil`: not published.
  public var publicPort: UInt16?
  /// `tcp`, `udp`, `sctp`.
  public var type = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("IP", &ip)
    try json.field("PrivatePort", &privatePort)
    try json.optional("PublicPort", &publicPort)
    try json.field("Type", &type)
    json.unknown(&unknown)
  }
}
