public import JSON

/// The configuration of a container, `config.json` (runtime-spec config.md).
public struct Spec: JSONMappable, Equatable {
  /// The SemVer version of the specification that the document complies with.
  public var ociVersion = ""
  public var root: Root?
  /// In the order in which they are to be mounted.
  public var mounts: [Mount] = []
  /// What to run; needed by the time of `start`.
  public var process: Process?
  public var hostname: String?
  public var domainname: String?
  public var hooks: Hooks?
  public var annotations: [String: String] = [:]
  public var linux: Linux?
  public var freebsd: FreeBSD?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("ociVersion", &ociVersion)
    try json.optional("root", &root)
    try json.nonEmpty("mounts", &mounts)
    try json.optional("process", &process)
    try json.optional("hostname", &hostname)
    try json.optional("domainname", &domainname)
    try json.optional("hooks", &hooks)
    try json.nonEmpty("annotations", &annotations)
    try json.optional("linux", &linux)
    try json.optional("freebsd", &freebsd)
    json.unknown(&unknown)
  }
}

/// The container's root file system (config.md §Root).
public struct Root: JSONMappable, Equatable {
  /// Absolute, or relative to the bundle.
  public var path = ""
  public var readonly = false
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("path", &path)
    try json.flag("readonly", &readonly)
    json.unknown(&unknown)
  }
}

/// A mount beside the root (config.md §Mounts).
public struct Mount: JSONMappable, Equatable {
  /// Absolute path inside the container.
  public var destination = ""
  public var type: String?
  /// A device, a name, or for bind mounts a path, absolute or relative to the bundle.
  public var source: String?
  public var options: [String] = []
  /// Mappings of an id-mapped mount.
  public var uidMappings: [LinuxIDMapping] = []
  public var gidMappings: [LinuxIDMapping] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("destination", &destination)
    try json.optional("type", &type)
    try json.optional("source", &source)
    try json.nonEmpty("options", &options)
    try json.nonEmpty("uidMappings", &uidMappings)
    try json.nonEmpty("gidMappings", &gidMappings)
    json.unknown(&unknown)
  }
}
