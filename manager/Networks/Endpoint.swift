public import JSON
public import LinuxKernel

/// A container's place on a network. Its JSON form is what is kept between two lives of the manager.
public struct Endpoint: JSONMappable, Equatable {
  public var containerID = ""
  /// 64 hexadecimal digits, new for every attachment.
  public var id = ""
  /// ``Network/key`` of its network.
  public var network = ""
  /// The container's address.
  public var address = IPv4Address.any
  /// The size of the network, 16 for a netmask of 255.255.0.0.
  public var prefixLength: UInt8 = 0
  /// The network's own address on the host: the bridge's.
  public var gateway = IPv4Address.any
  /// The container's interface inside, `eth0`. Of several the lowest free number is taken.
  public var interface = ""
  /// The other end, on the host.
  public var hostInterface = ""
  /// What others call the container on a network that has names.
  public var names: [String] = []
  /// Whether the container sends here what is for none of its networks. Its ports are published here, too.
  public var isGateway = false
  /// Whoever has the highest of a container's endpoints is its gateway.
  public var gatewayPriority = 0
  /// Sorted; every range and every free choice is replaced by the port that was taken.
  public var ports: [PublishedPort] = []
  /// The interface's address that was asked for; nil: one made of ``address``.
  public var requestedMACAddress: MACAddress?
  public var unknown = JSONObject()

  public init() {}

  public var macAddress: MACAddress { requestedMACAddress ?? MACAddress(for: address) }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("containerID", &containerID)
    try json.nonEmpty("id", &id)
    try json.required("network", &network)
    try json.required("address", &address)
    try json.required("prefixLength", &prefixLength)
    try json.required("gateway", &gateway)
    try json.required("interface", &interface)
    try json.required("hostInterface", &hostInterface)
    try json.nonEmpty("names", &names)
    try json.flag("isGateway", &isGateway)
    var priority = gatewayPriority == 0 ? nil : gatewayPriority
    try json.optional("gatewayPriority", &priority)
    gatewayPriority = priority ?? 0
    try json.nonEmpty("ports", &ports)
    try json.optional("macAddress", &requestedMACAddress)
    json.unknown(&unknown)
  }
}
