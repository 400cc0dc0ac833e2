public import JSON
public import LinuxKernel

/// A network that containers can be on. Its JSON form is what is kept between two lives of the manager.
public struct Network: JSONMappable, Equatable, Sendable {
  public enum Driver: String, Sendable, JSONConvertible { case bridge, macvlan, ipvlan, host, null }

  /// 64 hexadecimal digits.
  public var id = ""
  public var name = ""
  /// Nanoseconds since 1970.
  public var createdAt: Int64 = 0
  public var driver = Driver.bridge
  /// Whether it is there from the beginning, and nobody can remove it.
  public var isPredefined = false
  /// Nil for a driver without addresses of its own, and without IPv4.
  public var subnet: Subnet?
  /// Nil without IPv6.
  public var ipv6Subnet: IPv6Subnet?
  /// Of the bridge's interface.
  public var bridge = ""
  /// Of the host's interface that the containers' stand on, for a driver that does it so.
  public var parent = ""
  /// Whether that was made for networks, and goes with the last of them.
  public var hasMadeParent = false
  /// Whether nothing leads out of it, and nothing in; with a parent: whether it has no gateway there.
  public var isInternal = false
  /// Means nothing to a bridge; told again.
  public var isAttachable = false
  public var labels: [String: String] = [:]
  /// As they were given.
  public var options: [String: String] = [:]
  /// Of the address management: mean nothing to ours, and are told again.
  public var addressOptions: [String: String]?
  /// Of one that is nothing but a description for others: all that it says.
  public var configuration: NetworkRequest?
  /// The name of the network that describes it; empty: none.
  public var configurationFrom = ""

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.required("name", &name)
    try json.required("createdAt", &createdAt)
    try json.field("driver", &driver)
    try json.optional("subnet", &subnet)
    try json.optional("ipv6Subnet", &ipv6Subnet)
    try json.nonEmpty("bridge", &bridge)
    try json.nonEmpty("parent", &parent)
    try json.flag("hasMadeParent", &hasMadeParent)
    try json.flag("isInternal", &isInternal)
    try json.flag("isAttachable", &isAttachable)
    try json.nonEmpty("labels", &labels)
    try json.nonEmpty("options", &options)
    try json.optional("addressOptions", &addressOptions)
    try json.optional("configuration", &configuration)
    try json.nonEmpty("configurationFrom", &configurationFrom)
  }

  /// By what endpoints know it: the default network's name, which it keeps, another one's identifier.
  public var key: String { isPredefined ? name : id }
}

extension Network {
  public typealias Subnet = NetworkSubnet<IPv4Address>
  public typealias IPv6Subnet = NetworkSubnet<IPv6Address>

  /// Whether it has rules of ours, and can publish ports.
  var hasBridge: Bool { driver == .bridge }

  /// Whether it has interfaces and addresses to give.
  var hasSegment: Bool { [.bridge, .macvlan, .ipvlan].contains(driver) }

  /// Whether a container may send there what is for none of its networks.
  var leadsOut: Bool { !isInternal && (parent.isEmpty || parent != isolatedParent) }

  /// What the interface is called that leads nowhere, for those without a parent.
  var isolatedParent: String { "dm-\(id.prefix(12))" }
}
