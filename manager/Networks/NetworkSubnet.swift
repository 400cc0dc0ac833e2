public import JSON
public import LinuxKernel

/// Addresses of one network, of one family.
public struct NetworkSubnet<Address: InternetAddress & JSONConvertible>: JSONMappable, Equatable, Sendable {
  public var prefix: InternetPrefix<Address>
  /// The bridge's own.
  public var gateway: Address
  /// The part that containers get theirs from that ask for none.
  public var range: InternetPrefix<Address>?
  /// Those that somebody else has, by names that mean nothing to us.
  public var auxiliary: [String: Address] = [:]
  /// Whether somebody named it, and so may name addresses in it.
  public var isChosen = false
  /// Whether somebody named it.
  public var hasChosenGateway = false

  public init() { (prefix, gateway) = (.everything, .any) }

  /// - Parameter gateway: its address, with the subnet's length.
  public init(gateway: InternetPrefix<Address>) { (prefix, self.gateway) = (gateway.network, gateway.address) }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("prefix", &prefix)
    try json.required("gateway", &gateway)
    try json.optional("range", &range)
    try json.nonEmpty("auxiliary", &auxiliary)
    try json.flag("isChosen", &isChosen)
    try json.flag("hasChosenGateway", &hasChosenGateway)
  }

  /// The gateway's address with the subnet's length, as the bridge has it.
  public var bridgeAddress: InternetPrefix<Address> {
    var address = prefix
    address.address = gateway
    return address
  }

  /// The addresses that nobody gets: the network's own and, of IPv4, the one for all of it.
  var unusable: [Address] { Address.family == IPv4Address.family ? [prefix.first, prefix.last] : [prefix.first] }

  /// The longest prefix of a subnet that has room for a gateway and a container.
  static var longest: UInt8 { UInt8(Address.RawValue.bitWidth - 2) }
}
