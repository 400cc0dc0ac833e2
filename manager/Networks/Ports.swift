public import JSON
public import LinuxKernel

/// What a published port carries.
public enum TransportProtocol: String, JSONConvertible, CaseIterable, Sendable, Comparable {
  case tcp
  case udp
  case sctp

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Some of IPv4 and IPv6.
struct AddressFamilies: OptionSet {
  let rawValue: Int

  static let ipv4 = AddressFamilies(rawValue: 1)
  static let ipv6 = AddressFamilies(rawValue: 2)
}

/// A wish to publish a port, as `HostConfig.PortBindings` states it.
public struct PortBinding: Hashable, Sendable {
  public var containerPort: UInt16
  public var transport: TransportProtocol
  /// 0.0.0.0 or :: for all addresses of the host; nil for those that the network's maker chose, of both families.
  public var hostAddress: IPAddress?
  /// The first free one is taken; nil leaves the choice to the pool (`net.ipv4.ip_local_port_range`).
  public var hostPorts: ClosedRange<UInt16>?

  public init(
    containerPort: UInt16, transport: TransportProtocol = .tcp, hostAddress: IPAddress? = nil,
    hostPorts: ClosedRange<UInt16>? = nil
  ) {
    self.containerPort = containerPort
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPorts = hostPorts
  }

  /// Reads one entry of `PortBindings`.
  /// - Parameters:
  ///   - port: the key, `80/tcp`, or `80`.
  ///   - hostIP: empty for those that the network's maker chose, which are all if he did not.
  ///   - hostPort: `8080`, `8000-8010`, or empty for any.
  public init(port: String, hostIP: String, hostPort: String) throws(NetworkError) {
    (containerPort, transport) = try Self.parse(port: port)
    let address = IPAddress(hostIP)
    guard hostIP.isEmpty || address != nil else {
      throw .invalid("host address \"\(hostIP)\" of port \(port): expected an IP address")
    }
    hostAddress = address
    hostPorts = hostPort.isEmpty || hostPort == "0" ? nil : try Self.parse(range: hostPort)
  }

  /// The host's addresses that it is for.
  /// - Parameter hostBinding: where it is that names no address; one for all addresses is for those of IPv6, too.
  func addresses(_ hostBinding: IPv4Address, _ families: AddressFamilies) -> [IPAddress] {
    let all = hostAddress.map { [$0] } ?? (hostBinding == .any ? [.v4(.any), .v6(.any)] : [.v4(hostBinding)])
    return all.filter { families.contains($0.isIPv6 ? .ipv6 : .ipv4) }
  }

  /// What it is where containers are reached by their own addresses.
  /// - Throws: ``NetworkError/invalid(_:)`` for an address of the host.
  func open(_ families: AddressFamilies) throws(NetworkError) -> [PublishedPort] {
    let all = hostAddress.map { [$0] } ?? [.v4(.any), .v6(.any)]
    let mine = all.filter { families.contains($0.isIPv6 ? .ipv6 : .ipv4) }
    if let address = mine.first(where: { !$0.isAny }) {
      throw .invalid(
        "port \(containerPort) cannot be published at \(address): the network's gateway is routed, and has no ports of the host"
      )
    }
    return mine.map {
      PublishedPort(containerPort: containerPort, transport: transport, hostAddress: $0, hostPort: 0)
    }
  }

  /// Reads `80/tcp` or `80`, as in `ExposedPorts`.
  public static func parse(port text: String) throws(NetworkError) -> (UInt16, TransportProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let port = parse(number: parts[0]) else {
      throw .invalid("invalid port \"\(text)\": expected a number from 1 to 65535, then /tcp, /udp or /sctp")
    }
    guard parts.count == 2 else { return (port, .tcp) }
    guard let transport = TransportProtocol(rawValue: parts[1].lowercased()) else {
      throw .invalid("invalid port \"\(text)\": only tcp, udp and sctp can be published")
    }
    return (port, transport)
  }

  private static func parse(range text: String) throws(NetworkError) -> ClosedRange<UInt16> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(parse(number:))
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      throw .invalid("invalid host port \"\(text)\": expected a number from 1 to 65535, or two with a dash between")
    }
    return first...last
  }

  private static func parse(number: Substring) -> UInt16? {
    guard number.allSatisfy({ ("0"..."9").contains($0) }), let port = UInt16(number), port > 0 else { return nil }
    return port
  }
}

/// A port that is published.
public struct PublishedPort: JSONMappable, Hashable, Comparable {
  public var containerPort: UInt16 = 0
  public var transport = TransportProtocol.tcp
  /// 0.0.0.0 or :: for all addresses of the host.
  public var hostAddress = IPAddress.v4(.any)
  /// 0: none; the container is reached by its own address.
  public var hostPort: UInt16 = 0

  public init() {}

  public init(containerPort: UInt16, transport: TransportProtocol, hostAddress: IPAddress, hostPort: UInt16) {
    self.containerPort = containerPort
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPort = hostPort
  }

  /// Whether it is open at the container's own address, and none of the host's leads there.
  var isOpen: Bool { hostPort == 0 }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("containerPort", &containerPort)
    try json.required("protocol", &transport)
    try json.required("hostAddress", &hostAddress)
    try json.required("hostPort", &hostPort)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.containerPort, left.transport, left.hostAddress, left.hostPort)
      < (right.containerPort, right.transport, right.hostAddress, right.hostPort)
  }
}
