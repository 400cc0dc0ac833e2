public import JSON

/// The answer to `GET /containers/{id}/json`.
public struct ContainerInspectResponse: JSONMappable, Equatable, Sendable {
  public var id = ""
  /// RFC 3339.
  public var created = ""
  public var path = ""
  public var arguments: [String] = []
  public var state = ContainerState()
  /// The image's identifier, `sha256:...`.
  public var image = ""
  public var resolvConfPath = ""
  public var hostnamePath = ""
  public var hostsPath = ""
  public var logPath = ""
  /// With a slash before it.
  public var name = ""
  public var restartCount = 0
  /// The storage driver.
  public var driver = ""
  public var platform = ""
  public var mountLabel = ""
  public var processLabel = ""
  public var appArmorProfile = ""
  public var execIDs: [String]?
  public var hostConfig = HostConfig()
  public var graphDriver: DriverData?
  public var imageManifestDescriptor: ImageDescriptor?
  /// Bytes; only if `size` was asked for.
  public var sizeRw: Int64?
  /// Bytes; only if `size` was asked for.
  public var sizeRootFs: Int64?
  public var mounts: [MountPoint] = []
  public var config = ContainerConfig()
  public var networkSettings = NetworkSettings()
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    try json.field("Created", &created)
    try json.field("Path", &path)
    try json.field("Args", &arguments)
    try json.field("State", &state)
    try json.field("Image", &image)
    try json.field("ResolvConfPath", &resolvConfPath)
    try json.field("HostnamePath", &hostnamePath)
    try json.field("HostsPath", &hostsPath)
    try json.field("LogPath", &logPath)
    try json.field("Name", &name)
    try json.field("RestartCount", &restartCount)
    try json.field("Driver", &driver)
    try json.field("Platform", &platform)
    try json.field("MountLabel", &mountLabel)
    try json.field("ProcessLabel", &processLabel)
    try json.field("AppArmorProfile", &appArmorProfile)
    try json.nullable("ExecIDs", &execIDs)
    try json.field("HostConfig", &hostConfig)
    try json.nullable("GraphDriver", &graphDriver)
    try json.optional("ImageManifestDescriptor", &imageManifestDescriptor)
    try json.optional("SizeRw", &sizeRw)
    try json.optional("SizeRootFs", &sizeRootFs)
    try json.field("Mounts", &mounts)
    try json.field("Config", &config)
    try json.field("NetworkSettings", &networkSettings)
    json.unknown(&unknown)
  }
}

/// What the storage driver says about a container or an image (Engine API `DriverData`).
public struct DriverData: JSONMappable, Equatable, Sendable {
  public var data: [String: String]?
  public var name = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("Data", &data)
    try json.field("Name", &name)
    json.unknown(&unknown)
  }
}
