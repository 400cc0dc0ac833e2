public import JSON

/// Something to be mounted into a container (Engine API `Mount`).
public struct Mount: JSONMappable, Equatable, Sendable {
  public var type: MountType = .volume
  public var source = ""
  public var target = ""
  public var readOnly = false
  public var consistency = ""
  /// Ours, Docker has none: under which ids the files are shown, `uids=STORED-SHOWN-COUNT;gids=…`; empty: as they are.
  public var idMap = ""
  public var bindOptions: BindOptions?
  public var volumeOptions: VolumeOptions?
  public var imageOptions: ImageOptions?
  public var tmpfsOptions: TmpfsOptions?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Type", &type)
    try json.nonEmpty("Source", &source)
    try json.nonEmpty("Target", &target)
    try json.flag("ReadOnly", &readOnly)
    try json.nonEmpty("Consistency", &consistency)
    try json.nonEmpty("IDMap", &idMap)
    try json.optional("BindOptions", &bindOptions)
    try json.optional("VolumeOptions", &volumeOptions)
    try json.optional("ImageOptions", &imageOptions)
    try json.optional("TmpfsOptions", &tmpfsOptions)
    json.unknown(&unknown)
  }
}

extension Mount {
  /// Engine API `Mount.BindOptions`.
  public struct BindOptions: JSONMappable, Equatable, Sendable {
    public var propagation = ""
    public var nonRecursive = false
    public var createMountpoint = false
    public var readOnlyNonRecursive = false
    public var readOnlyForceRecursive = false
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Propagation", &propagation)
      try json.flag("NonRecursive", &nonRecursive)
      try json.flag("CreateMountpoint", &createMountpoint)
      try json.flag("ReadOnlyNonRecursive", &readOnlyNonRecursive)
      try json.flag("ReadOnlyForceRecursive", &readOnlyForceRecursive)
      json.unknown(&unknown)
    }
  }
}

extension Mount {
  /// Engine API `Mount.VolumeOptions`.
  public struct VolumeOptions: JSONMappable, Equatable, Sendable {
    public var noCopy = false
    public var labels: [String: String] = [:]
    public var subpath = ""
    public var driverConfig: VolumeDriver?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.flag("NoCopy", &noCopy)
      try json.nonEmpty("Labels", &labels)
      try json.nonEmpty("Subpath", &subpath)
      try json.optional("DriverConfig", &driverConfig)
      json.unknown(&unknown)
    }
  }
}

extension Mount {
  /// Engine API `Mount.VolumeOptions.DriverConfig`.
  public struct VolumeDriver: JSONMappable, Equatable, Sendable {
    public var name = ""
    public var options: [String: String] = [:]
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Name", &name)
      try json.nonEmpty("Options", &options)
      json.unknown(&unknown)
    }
  }
}

extension Mount {
  /// Engine API `Mount.ImageOptions`.
  public struct ImageOptions: JSONMappable, Equatable, Sendable {
    public var subpath = ""
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Subpath", &subpath)
      json.unknown(&unknown)
    }
  }
}

extension Mount {
  /// Engine API `Mount.TmpfsOptions`.
  public struct TmpfsOptions: JSONMappable, Equatable, Sendable {
    public var sizeBytes: Int64?
    /// Permission bits.
    public var mode: UInt32?
    public var options: [[String]] = []
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.optional("SizeBytes", &sizeBytes)
      try json.optional("Mode", &mode)
      try json.nonEmpty("Options", &options)
      json.unknown(&unknown)
    }
  }
}

/// A mount that a container has (Engine API `MountPoint`).
public struct MountPoint: JSONMappable, Equatable, Sendable {
  public var type: MountType?
  public var name = ""
  public var source = ""
  public var destination = ""
  public var driver = ""
  public var mode = ""
  public var isWritable = false
  public var propagation = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("Type", &type)
    try json.nonEmpty("Name", &name)
    try json.field("Source", &source)
    try json.field("Destination", &destination)
    try json.nonEmpty("Driver", &driver)
    try json.field("Mode", &mode)
    try json.field("RW", &isWritable)
    try json.field("Propagation", &propagation)
    json.unknown(&unknown)
  }
}

/// What is mounted (Engine API `MountType`); open, as daemons may know more kinds.
public struct MountType: RawRepresentable, Hashable, Sendable, JSONConvertible {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let bind = MountType(rawValue: "bind")
  public static let volume = MountType(rawValue: "volume")
  public static let tmpfs = MountType(rawValue: "tmpfs")
  public static let image = MountType(rawValue: "image")
  public static let namedPipe = MountType(rawValue: "npipe")
  public static let cluster = MountType(rawValue: "cluster")
}
