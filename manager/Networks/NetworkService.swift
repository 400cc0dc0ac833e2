internal import LinuxKernel
public import Logging

/// The default network: a bridge, addresses, and published ports.
///
/// All that a container's network needs while it runs is in the kernel (bridge, veth pair, nftables) and in the store: it goes on
/// when the manager dies, and the next manager finds it with ``restore(live:)``.
public actor NetworkService {
  private let configuration: NetworkConfiguration
  private let store: any EndpointStore
  private let logger: Logger

  public init(configuration: NetworkConfiguration, store: any EndpointStore, logger: Logger) {
    self.configuration = configuration
    self.store = store
    self.logger = logger
  }

  /// Makes the bridge or adopts it, and puts the state of all containers that are still alive in place: their addresses, port
  /// reservations and rules. What belongs to any other container is removed. Call it once, before anything else.
  /// - Parameter live: the ids of the containers whose process exists.
  public func restore(live: Set<String>) async throws {
    throw NetworkError.invalid("not built yet")
  }

  /// Gives the network namespace of process `pid` an interface with an address, and publishes `ports`.
  ///
  /// When it throws, nothing is left behind.
  public func attach(containerID: String, pid: Int32, ports: [PortBinding] = []) async throws -> Endpoint {
    throw NetworkError.invalid("not built yet")
  }

  /// Takes back the container's interface, ports and address. Harmless if it has none, or if its namespace is gone.
  public func detach(containerID: String) async throws {
    throw NetworkError.invalid("not built yet")
  }

  /// The container's endpoint, nil if it is not attached.
  public func endpoint(of containerID: String) -> Endpoint? { nil }

  /// Removes all that this network put into the kernel: rules, endpoints' interfaces, the bridge. For `hack/down` and tests.
  public func removeAll() async throws {
    throw NetworkError.invalid("not built yet")
  }
}
