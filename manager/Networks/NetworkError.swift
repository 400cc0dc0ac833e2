public import LinuxKernel

/// Why a network did not do what it was asked. The descriptions are meant for the user; those that Docker has too are Docker's.
public enum NetworkError: Error, Equatable, Sendable {
  /// The request itself is wrong.
  case invalid(String)
  /// There is nothing wrong with the request but that it cannot be, or that things are as they are.
  case forbidden(String)
  /// What Docker has and we do not.
  case unsupported(String)
  /// No network is called that.
  case notFound(String)
  /// Several networks' identifiers begin with this.
  case ambiguous(String, count: Int)
  case pluginNotFound(String)
  /// No network of that name describes others.
  case configurationNotFound(String)
  /// There is another network of that name.
  case exists(name: String)
  /// Containers are on it: their identifiers with those of their endpoints.
  case hasEndpoints(name: String, [String])
  /// Somebody holds the port; nil if the whole range is taken.
  case portAllocated(hostAddress: IPAddress, hostPort: UInt16?)
  /// The port cannot be had for another reason, such as an address that is not the host's.
  case cannotPublish(hostAddress: IPAddress, hostPort: UInt16, reason: String)
  /// Every address of the subnet is leased.
  case noFreeAddress(of: String, isIPv6: Bool)
  /// Somebody else has the address that was asked for.
  case addressInUse
  /// The address that was asked for is none of the network's.
  case addressOutside(String)
  /// Every piece of the default pools is in use, here or on the host.
  case noFreeSubnet
  /// The subnet is in use by another interface.
  case overlaps(subnet: String, other: String, interface: String)
  /// The subnet that was asked for is in use by another network, or by the host.
  case poolOverlaps(subnet: String, other: String, of: String)
  /// There is an interface of that name, but it is no bridge.
  case notABridge(String)
  /// Another engine has the bridge.
  case bridgeOfAnother(String, reason: String)
  /// Another daemon has the bridge.
  case bridgeInUse(String)
  /// The container is attached already.
  case attached(containerID: String)
  /// The process whose network was to be set up is gone.
  case noProcess(pid: Int32)
  /// The kernel refused.
  case kernel(operation: String, reason: String)
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalid(let message), .forbidden(let message): message
    case .unsupported(let what): "\(what) is not supported yet"
    case .notFound(let name): "network \(name) not found"
    case .ambiguous(let name, let count): "network \(name) is ambiguous (\(count) matches found on ID prefix)"
    case .pluginNotFound(let name): "plugin \"\(name)\" not found"
    case .configurationNotFound(let name): "configuration network \"\(name)\" does not exist"
    case .exists(let name): "network with name \(name) already exists"
    case .hasEndpoints(let name, let endpoints):
      "error while removing network: network \(name) has active endpoints (\(endpoints.joined(separator: ", ")))"
    case .portAllocated(let address, let port?):
      "Bind for \(address.with(port: port)) failed: port is already allocated"
    case .portAllocated(let address, nil): "all ports are allocated on \(address)"
    case .cannotPublish(let address, let port, let reason):
      "failed to bind host port \(address.with(port: port)): \(reason)"
    case .noFreeAddress(let subnet, let isIPv6):
      "no available \(isIPv6 ? "IPv6" : "IPv4") addresses on subnet \(subnet)"
    case .addressInUse: "Address already in use"
    case .addressOutside(let address):
      "Invalid address \(address): It does not belong to any of this network's subnets"
    case .noFreeSubnet: "all predefined address pools have been fully subnetted"
    case .overlaps, .poolOverlaps, .notABridge, .bridgeInUse, .bridgeOfAnother: conflict
    case .attached(let id): "container \(id) is already attached to the network"
    case .noProcess(let pid): "process \(pid) is gone, its network cannot be set up"
    case .kernel(let operation, let reason): "\(operation): \(reason)"
    }
  }

  /// What else there is on the host.
  private var conflict: String {
    switch self {
    case .overlaps(let subnet, let other, let interface):
      "the bridge's subnet \(subnet) overlaps with \(other) of interface \(interface); choose another with "
        + (subnet.contains(":") ? "--fixed-cidr-v6" : "--bip")
    case .poolOverlaps(let subnet, let other, let owner):
      "invalid pool request: Pool overlaps with other one on this address space: \(subnet) with \(other) of \(owner)"
    case .notABridge(let name):
      "interface \(name) exists and is not a bridge; remove it or choose another with --bridge"
    case .bridgeOfAnother(let name, let reason):
      "the bridge \(name) is somebody else's: \(reason); choose another bridge with --bridge and its subnet with --bip"
    case .bridgeInUse(let name):
      "another daemon uses the bridge \(name); stop it, or choose another bridge with --bridge and its subnet with --bip"
    default: ""
    }
  }
}
