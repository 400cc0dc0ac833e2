internal import LinuxKernel

/// What the makers of networks can ask of the driver `bridge`.
struct BridgeOptions: Equatable, Sendable {
  /// Nil: one made of the network's identifier.
  var bridge: String?
  /// Whether what leaves the network does so in the host's name.
  var masquerades = true
  /// Whether its containers may reach one another (inter-container connectivity).
  var connectsContainers = true
  /// The largest packet, in bytes; nil for the kernel's default of 1500.
  var mtu: UInt32?
  /// Where ports are published that name no address.
  var hostBinding = IPv4Address.any
  var ipv4Mode = GatewayMode.nat
  var ipv6Mode = GatewayMode.nat
  /// Whether the bridge is without the gateway's address of IPv4, which somebody else has.
  var inhibitsIPv4 = false
  /// What the names of the containers' interfaces begin with.
  var interfacePrefix = "eth"

  private enum Name {
    static let bridge = "com.docker.network.bridge.name"
    static let masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    static let connectivity = "com.docker.network.bridge.enable_icc"
    static let hostBinding = "com.docker.network.bridge.host_binding_ipv4"
    static let ipv4Mode = "com.docker.network.bridge.gateway_mode_ipv4"
    static let ipv6Mode = "com.docker.network.bridge.gateway_mode_ipv6"
    static let inhibitIPv4 = "com.docker.network.bridge.inhibit_ipv4"
    static let isDefault = "com.docker.network.bridge.default_bridge"
    static let mtu = "com.docker.network.driver.mtu"
    static let interfacePrefix = "com.docker.network.container_iface_prefix"
    /// All that Docker's drivers know, and nobody else's: an option of another name means nothing to a bridge.
    static let ours = "com.docker.network."
  }

  init() {}

  /// - Throws: ``NetworkError/invalid(_:)`` in Docker's words, ``NetworkError/unsupported(_:)``.
  init(_ options: [String: String]) throws(NetworkError) {
    for (name, value) in options.sorted(by: { $0.key < $1.key }) { try set(name, value) }
  }

  private mutating func set(_ name: String, _ value: String) throws(NetworkError) {
    switch name {
    case Name.bridge:
      guard InterfaceName.isValid(value) else { throw InterfaceName.error(value) }
      bridge = value
    case Name.masquerade: masquerades = try Self.bool(name, value)
    case Name.connectivity: connectsContainers = try Self.bool(name, value)
    case Name.mtu: mtu = try Self.mtu(name, value)
    case Name.hostBinding:
      guard let address = IPv4Address(value) else { throw .invalid("failed to parse \(name) value: \(value) (nil ip)") }
      hostBinding = address
    case Name.ipv4Mode: ipv4Mode = try Self.mode(name, value)
    case Name.ipv6Mode: ipv6Mode = try Self.mode(name, value)
    case Name.inhibitIPv4: inhibitsIPv4 = try Self.bool(name, value)
    case Name.isDefault:
      if try Self.bool(name, value) { throw .unsupported("another default bridge (\(name))") }
    case Name.interfacePrefix:
      guard InterfaceName.isValid(value), value.utf8.count <= 10, value.last?.isNumber == false else {
        throw .invalid(
          "invalid interface prefix \"\(value)\": expected 1 to 10 letters, digits, - or _, and no digit at its end")
      }
      interfacePrefix = value
    default: if name.hasPrefix(Name.ours) { throw .unsupported("the option \(name)") }
    }
  }

  /// - Throws: ``NetworkError/invalid(_:)`` in Docker's words for what a network that leads somewhere cannot be.
  func check(isInternal: Bool) throws(NetworkError) {
    guard isInternal || (ipv4Mode != .isolated && ipv6Mode != .isolated) else {
      throw .invalid("gateway mode 'isolated' can only be used for an internal network")
    }
  }

  private static func mode(_ name: String, _ value: String) throws(NetworkError) -> GatewayMode {
    if value.isEmpty { return .nat }
    guard let mode = GatewayMode(rawValue: value) else {
      throw .invalid("failed to parse \(name) value: \(value) (unknown gateway mode \(value))")
    }
    return mode
  }

  private static func bool(_ name: String, _ value: String) throws(NetworkError) -> Bool {
    switch value {
    case "1", "t", "T", "TRUE", "true", "True": return true
    case "0", "f", "F", "FALSE", "false", "False": return false
    default:
      throw .invalid(
        "failed to parse \(name) value: \(value) (strconv.ParseBool: parsing \"\(value)\": invalid syntax)")
    }
  }

  static func mtu(_ name: String, _ value: String) throws(NetworkError) -> UInt32? {
    guard let number = Int(value) else {
      throw .invalid("failed to parse \(name) value: \(value) (strconv.Atoi: parsing \"\(value)\": invalid syntax)")
    }
    guard (0...65535).contains(number), number == 0 || number >= 68 else {
      throw .invalid("failed to parse \(name) value: \(value) (expected 68 to 65535)")
    }
    return number == 0 ? nil : UInt32(number)
  }
}

/// Names of interfaces that neither the kernel nor nftables could misread.
enum InterfaceName {
  static func isValid(_ name: String) -> Bool {
    let allowed = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
    return allowed && (1...15).contains(name.utf8.count) && name.first != "-"
  }

  static func error(_ name: String) -> NetworkError {
    .invalid("invalid bridge name \"\(name)\": expected 1 to 15 letters, digits, - or _")
  }
}
