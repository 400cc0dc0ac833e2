public import JSON
public import LinuxKernel

/// A container's place on a network. Its JSON form is what is kept between two lives of the manager.
public struct Endpoint: JSONMappable, Equatable {
  public var containerID = ""
  /// 64 hexadecimal digits, new for every attachment.
  public var id = ""
  /// ``Network/key`` of its network.
  public var network = ""
  /// The container's address; nil on a network without IPv4.
  public var address: IPv4Address?
  /// The size of the network, 16 for a netmask of 255.255.0.0.
  public var prefixLength: UInt8 = 0
  /// The network's own address on the host: the bridge's.
  public var gateway: IPv4Address?
  /// The same of IPv6.
  public var ipv6Address: IPv6Address?
  public var ipv6PrefixLength: UInt8 = 0
  public var ipv6Gateway: IPv6Address?
  /// The container's interface inside, `eth0`. Of several the lowest free number is taken.
  public var interface = ""
  /// The other end, on the host.
  public var hostInterface = ""
  /// What others call the container on a network that has names.
  public var names: [String] = []
  /// Whether the container sends here what is for none of its networks. Its ports are published here, too.
  public var isGateway = false
  /// The same for IPv6: it may be another one.
  public var isIPv6Gateway = false
  /// Whoever has the highest of a container's endpoints is its gateway.
  public var gatewayPriority = 0
  /// Sorted; every range and every free choice is replaced by the port that was taken. Those of a family whose gateway has no
  /// bridge are kept for the time when one has.
  public var ports: [PublishedPort] = []
  /// The interface's address that was asked for; nil: one made of its other addresses.
  public var requestedMACAddress: MACAddress?
  /// What was asked of the driver.
  public var options: [String: String] = [:]
  public var unknown = JSONObject()

  public init() {}

  public var macAddress: MACAddress {
    requestedMACAddress ?? address.map { MACAddress(for: $0) } ?? MACAddress(for: ipv6Address ?? .any)
  }

  /// Those of its ports that lead to it.
  public var published: [PublishedPort] { ports.filter { $0.hostAddress.isIPv6 ? isIPv6Gateway : isGateway } }

  /// All it has.
  public var addresses: [IPAddress] {
    [address.map { IPAddress.v4($0) }, ipv6Address.map { IPAddress.v6($0) }].compactMap { $0 }
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("containerID", &containerID)
    try json.nonEmpty("id", &id)
    try json.required("network", &network)
    try json.optional("address", &address)
    try json.field("prefixLength", &prefixLength)
    try json.optional("gateway", &gateway)
    try json.optional("ipv6Address", &ipv6Address)
    var ipv6Length = ipv6PrefixLength == 0 ? nil : ipv6PrefixLength
    try json.optional("ipv6PrefixLength", &ipv6Length)
    ipv6PrefixLength = ipv6Length ?? 0
    try json.optional("ipv6Gateway", &ipv6Gateway)
    try json.required("interface", &interface)
    try json.required("hostInterface", &hostInterface)
    try json.nonEmpty("names", &names)
    try json.flag("isGateway", &isGateway)
    try json.flag("isIPv6Gateway", &isIPv6Gateway)
    var priority = gatewayPriority == 0 ? nil : gatewayPriority
    try json.optional("gatewayPriority", &priority)
    gatewayPriority = priority ?? 0
    try json.nonEmpty("ports", &ports)
    try json.optional("macAddress", &requestedMACAddress)
    try json.nonEmpty("options", &options)
    json.unknown(&unknown)
  }
}
