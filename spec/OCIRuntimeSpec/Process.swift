public import JSON

/// The process of a container, or one to be run in it (config.md §Process).
public struct Process: JSONMappable, Equatable {
  public var terminal = false
  public var consoleSize: ConsoleSize?
  /// Absolute path inside the container.
  public var cwd = ""
  /// `NAME=value` each.
  public var env: [String] = []
  public var args: [String] = []
  /// Windows only.
  public var commandLine: String?
  public var rlimits: [POSIXRlimit] = []
  public var apparmorProfile: String?
  public var capabilities: LinuxCapabilities?
  public var noNewPrivileges = false
  public var oomScoreAdj: Int32?
  public var scheduler: Scheduler?
  public var selinuxLabel: String?
  public var ioPriority: LinuxIOPriority?
  public var execCPUAffinity: CPUAffinity?
  public var user = User()
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.flag("terminal", &terminal)
    try json.optional("consoleSize", &consoleSize)
    try json.required("cwd", &cwd)
    try json.nonEmpty("env", &env)
    try json.nonEmpty("args", &args)
    try json.optional("commandLine", &commandLine)
    try json.nonEmpty("rlimits", &rlimits)
    try json.optional("apparmorProfile", &apparmorProfile)
    try json.optional("capabilities", &capabilities)
    try json.flag("noNewPrivileges", &noNewPrivileges)
    try json.optional("oomScoreAdj", &oomScoreAdj)
    try json.optional("scheduler", &scheduler)
    try json.optional("selinuxLabel", &selinuxLabel)
    try json.optional("ioPriority", &ioPriority)
    try json.optional("execCPUAffinity", &execCPUAffinity)
    try json.field("user", &user)
    json.unknown(&unknown)
  }
}

/// The size of a terminal in characters.
public struct ConsoleSize: JSONMappable, Equatable {
  public var height = UInt64(0)
  public var width = UInt64(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("height", &height)
    try json.required("width", &width)
    json.unknown(&unknown)
  }
}

/// Whom the process runs as, in the ids of the container (config.md §User).
public struct User: JSONMappable, Equatable {
  public var uid = UInt32(0)
  public var gid = UInt32(0)
  public var umask: UInt32?
  public var additionalGids: [UInt32] = []
  /// Windows only.
  public var username: String?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("uid", &uid)
    try json.field("gid", &gid)
    try json.optional("umask", &umask)
    try json.nonEmpty("additionalGids", &additionalGids)
    try json.optional("username", &username)
    json.unknown(&unknown)
  }
}

/// The five capability sets of a process, `CAP_…` each (config.md §Linux Process).
public struct LinuxCapabilities: JSONMappable, Equatable {
  public var effective: [String]?
  public var bounding: [String]?
  public var inheritable: [String]?
  public var permitted: [String]?
  public var ambient: [String]?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("effective", &effective)
    try json.optional("bounding", &bounding)
    try json.optional("inheritable", &inheritable)
    try json.optional("permitted", &permitted)
    try json.optional("ambient", &ambient)
    json.unknown(&unknown)
  }
}

/// A resource limit, `setrlimit(2)`.
public struct POSIXRlimit: JSONMappable, Equatable {
  /// `RLIMIT_…`
  public var type = ""
  public var soft = UInt64(0)
  public var hard = UInt64(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("type", &type)
    try json.required("soft", &soft)
    try json.required("hard", &hard)
    json.unknown(&unknown)
  }
}
