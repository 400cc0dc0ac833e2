public import LinuxKernel

/// Why a network did not do what it was asked. The descriptions are meant for the user; those that Docker has too are Docker's.
public enum NetworkError: Error, Equatable, Sendable {
  /// The request itself is wrong.
  case invalid(String)
  /// Somebody holds the port; nil if the whole range is taken.
  case portAllocated(hostAddress: IPv4Address, hostPort: UInt16?)
  /// The port cannot be had for another reason, such as an address that is not the host's.
  case cannotPublish(hostAddress: IPv4Address, hostPort: UInt16, reason: String)
  /// Every address of the subnet is leased.
  case noFreeAddress(IPv4Prefix)
  /// The subnet is in use by another interface.
  case overlaps(subnet: IPv4Prefix, other: IPv4Prefix, interface: String)
  /// There is an interface of that name, but it is no bridge.
  case notABridge(String)
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
    case .invalid(let message): message
    case .portAllocated(let address, let port?): "Bind for \(address):\(port) failed: port is already allocated"
    case .portAllocated(let address, nil): "all ports are allocated on \(address)"
    case .cannotPublish(let address, let port, let reason):
      "failed to bind host port \(address):\(port): \(reason)"
    case .noFreeAddress(let subnet): "no available IPv4 addresses on subnet \(subnet)"
    case .overlaps(let subnet, let other, let interface):
      "the bridge's subnet \(subnet) overlaps with \(other) of interface \(interface); choose another with --bip"
    case .notABridge(let name):
      "interface \(name) exists and is not a bridge; remove it or choose another with --bridge"
    case .bridgeInUse(let name):
      "another daemon uses the bridge \(name); stop it, or choose another bridge with --bridge and its subnet with --bip"
    case .attached(let id): "container \(id) is already attached to the network"
    case .noProcess(let pid): "process \(pid) is gone, its network cannot be set up"
    case .kernel(let operation, let reason): "\(operation): \(reason)"
    }
  }
}
