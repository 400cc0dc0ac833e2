public import JSON
public import LinuxKernel

/// A network that containers can be on. Its JSON form is what is kept between two lives of the manager.
public struct Network: JSONMappable, Equatable, Sendable {
  public enum Driver: String, Sendable, JSONConvertible { case bridge, host, null }

  /// 64 hexadecimal digits.
  public var id = ""
  public var name = ""
  /// Nanoseconds since 1970.
  public var createdAt: Int64 = 0
  public var driver = Driver.bridge
  /// Whether it is there from the beginning, and nobody can remove it.
  public var isPredefined = false
  /// Nil for a driver without addresses of its own.
  public var subnet: Subnet?
  /// Of the bridge's interface.
  public var bridge = ""
  /// Whether nothing leads out of it, and nothing in.
  public var isInternal = false
  /// Means nothing to a bridge; told again.
  public var isAttachable = false
  public var labels: [String: String] = [:]
  /// As they were given.
  public var options: [String: String] = [:]
  /// Of the address management: mean nothing to ours, and are told again.
  public var addressOptions: [String: String]?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.required("name", &name)
    try json.required("createdAt", &createdAt)
    try json.field("driver", &driver)
    try json.optional("subnet", &subnet)
    try json.nonEmpty("bridge", &bridge)
    try json.flag("isInternal", &isInternal)
    try json.flag("isAttachable", &isAttachable)
    try json.nonEmpty("labels", &labels)
    try json.nonEmpty("options", &options)
    try json.optional("addressOptions", &addressOptions)
  }

  /// By what endpoints know it: the default network's name, which it keeps, another one's identifier.
  public var key: String { isPredefined ? name : id }
}

extension Network {
  /// Addresses of one network.
  public struct Subnet: JSONMappable, Equatable, Sendable {
    public var prefix: IPv4Prefix
    /// The bridge's own.
    public var gateway: IPv4Address
    /// The part that containers get theirs from that ask for none.
    public var range: IPv4Prefix?
    /// Those that somebody else has, by names that mean nothing to us.
    public var auxiliary: [String: IPv4Address] = [:]
    /// Whether somebody named it, and so may name addresses in it.
    public var isChosen = false
    /// Whether somebody named it.
    public var hasChosenGateway = false

    public init() { (prefix, gateway) = (.everything, .any) }

    /// - Parameter gateway: its address, with the subnet's length.
    public init(gateway: IPv4Prefix) { (prefix, self.gateway) = (gateway.network, gateway.address) }

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("prefix", &prefix)
      try json.required("gateway", &gateway)
      try json.optional("range", &range)
      try json.nonEmpty("auxiliary", &auxiliary)
      try json.flag("isChosen", &isChosen)
      try json.flag("hasChosenGateway", &hasChosenGateway)
    }

    /// The gateway's address with the subnet's length, as the bridge has it.
    public var bridgeAddress: IPv4Prefix {
      var address = prefix
      address.address = gateway
      return address
    }
  }
}
