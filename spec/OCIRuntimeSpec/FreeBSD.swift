public import JSON

/// What is configured for FreeBSD (config-freebsd.md): checked, and kept as it is.
public struct FreeBSD: JSONMappable, Equatable {
  public var devices: [FreeBSDDevice] = []
  public var jail: FreeBSDJail?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("devices", &devices)
    try json.optional("jail", &jail)
    json.unknown(&unknown)
  }
}

/// A device node that the container may see (config-freebsd.md §Devices).
public struct FreeBSDDevice: JSONMappable, Equatable {
  /// Relative to `/dev`.
  public var path: String?
  /// Permission bits.
  public var mode: UInt32?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("path", &path)
    try json.optional("mode", &mode)
    json.unknown(&unknown)
  }
}

/// Parameters of `jail(8)` (config-freebsd.md §Jail).
public struct FreeBSDJail: JSONMappable, Equatable {
  public var parent: String?
  public var host: Sharing?
  public var ip4: SharingOrNone?
  public var ip4Addr: [String] = []
  public var ip6: SharingOrNone?
  public var ip6Addr: [String] = []
  public var vnet: Sharing?
  public var interface: String?
  public var vnetInterfaces: [String] = []
  public var sysvmsg: SharingOrNone?
  public var sysvsem: SharingOrNone?
  public var sysvshm: SharingOrNone?
  public var enforceStatfs: UInt8?
  public var allow: FreeBSDJailPermissions?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  /// What cannot be switched off.
  public enum Sharing: String, JSONConvertible, CaseIterable, Sendable {
    case new, inherit
  }

  public enum SharingOrNone: String, JSONConvertible, CaseIterable, Sendable {
    case disable, new, inherit
  }

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("parent", &parent)
    try json.optional("host", &host)
    try json.optional("ip4", &ip4)
    try json.nonEmpty("ip4Addr", &ip4Addr)
    try json.optional("ip6", &ip6)
    try json.nonEmpty("ip6Addr", &ip6Addr)
    try json.optional("vnet", &vnet)
    try json.optional("interface", &interface)
    try json.nonEmpty("vnetInterfaces", &vnetInterfaces)
    try json.optional("sysvmsg", &sysvmsg)
    try json.optional("sysvsem", &sysvsem)
    try json.optional("sysvshm", &sysvshm)
    try json.optional("enforceStatfs", &enforceStatfs)
    try json.optional("allow", &allow)
    json.unknown(&unknown)
  }
}

/// What processes in the jail may do (config-freebsd.md §Jail).
public struct FreeBSDJailPermissions: JSONMappable, Equatable {
  public var setHostname = false
  public var rawSockets = false
  public var chflags = false
  /// Types of file systems.
  public var mount: [String] = []
  public var quotas = false
  public var socketAf = false
  public var mlock = false
  public var reservedPorts = false
  public var suser = false
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.flag("setHostname", &setHostname)
    try json.flag("rawSockets", &rawSockets)
    try json.flag("chflags", &chflags)
    try json.nonEmpty("mount", &mount)
    try json.flag("quotas", &quotas)
    try json.flag("socketAf", &socketAf)
    try json.flag("mlock", &mlock)
    try json.flag("reservedPorts", &reservedPorts)
    try json.flag("suser", &suser)
    json.unknown(&unknown)
  }
}
