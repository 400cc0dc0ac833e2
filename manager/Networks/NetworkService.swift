public import LinuxKernel
public import Logging
public import NIOPosix

/// The default network: a bridge, addresses, and published ports.
///
/// All that a container's network needs while it runs is in the kernel (bridge, veth pair, nftables) and in the store: it goes on
/// when the manager dies, and the next manager finds it with ``restore(live:)``.
public actor NetworkService {
  /// The network's name, `bridge`.
  public static let network = "bridge"

  private let configuration: NetworkConfiguration
  private let store: any EndpointStore
  private let threads: NIOThreadPool
  private let logger: Logger
  private let bridge: Bridge
  private let firewall: Firewall
  private let ports: PortReservations
  private var pool: AddressPool
  private var endpoints: [String: Endpoint] = [:]
  /// Containers whose endpoint could not be forgotten: their addresses stay taken until it can.
  private var leftovers: Set<String> = []

  /// Touches nothing yet.
  /// - Parameter threads: where system calls are made, and so in whose network namespace; shared with others, and not shut down by
  ///   this service.
  public init(
    configuration: NetworkConfiguration, store: any EndpointStore, threads: NIOThreadPool = .singleton, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.threads = threads
    self.logger = logger
    bridge = Bridge(configuration: configuration)
    firewall = Firewall(Ruleset(configuration), logger: logger)
    ports = PortReservations()
    pool = AddressPool(gateway: configuration.address)
  }

  /// The container's endpoint, nil if it is not attached.
  public func endpoint(of containerID: String) -> Endpoint? { endpoints[containerID] }
}

// MARK: - One container

extension NetworkService {
  /// Gives the network namespace of process `pid` an interface with an address, and publishes `ports`.
  ///
  /// When it throws, nothing is left behind. A cancelled task finishes the work, or undoes it, all the same.
  /// - Parameter macAddress: nil for one made of the address that the container gets.
  public func attach(
    containerID: String, pid: Int32, macAddress: MACAddress? = nil, ports: [PortBinding] = []
  ) async throws -> Endpoint {
    // A task of its own, so that cancelling the caller's cannot stop it halfway.
    try await Task { try await connect(containerID, pid, macAddress, ports) }.value
  }

  /// Takes back the container's interface, ports and address. Harmless if it has none, or if its namespace is gone.
  public func detach(containerID: String) async throws {
    guard let endpoint = endpoints[containerID] else { return }
    try await Task { try await disconnect(endpoint) }.value
  }

  private func connect(
    _ containerID: String, _ pid: Int32, _ macAddress: MACAddress?, _ bindings: [PortBinding]
  ) async throws -> Endpoint {
    if leftovers.contains(containerID), let left = endpoints[containerID] { try await disconnect(left) }
    guard endpoints[containerID] == nil else { throw NetworkError.attached(containerID: containerID) }
    var endpoint = try lease(for: containerID)
    endpoint.requestedMACAddress = macAddress
    do {
      endpoints[containerID] = endpoint
      endpoint.ports = try await blocking { [ports] in try ports.reserve(bindings, for: containerID) }
      endpoints[containerID] = endpoint
      // Before anything is made, so that the next manager knows what to remove if this one dies on the way.
      try await store.put(endpoint)
      let made = endpoint
      try await blocking { [bridge, configuration, firewall] in
        try ContainerLink(bridge: bridge).create(made, pid: pid, mtu: configuration.mtu)
        try firewall.publish(made)
      }
    } catch {
      try await undo(endpoint, after: error)
      throw error
    }
    return endpoint
  }

  private func lease(for containerID: String) throws -> Endpoint {
    var endpoint = Endpoint()
    endpoint.containerID = containerID
    endpoint.id = RandomIdentifier.make()
    endpoint.network = Self.network
    endpoint.address = try pool.allocate()
    endpoint.prefixLength = configuration.address.length
    endpoint.gateway = configuration.address.address
    endpoint.interface = "eth0"
    endpoint.hostInterface = ContainerLink.hostInterface(for: containerID, bridge: configuration.bridge)
    return endpoint
  }

  private func undo(_ endpoint: Endpoint, after cause: any Error) async throws {
    do { try await disconnect(endpoint) } catch {
      // The cause is what the caller must see; what could not be undone is tried again at the next start.
      logger.error("cannot undo the attachment of \(endpoint.containerID): \(error); it failed with: \(cause)")
    }
  }

  /// The address is free again only when nothing uses it any more.
  private func disconnect(_ endpoint: Endpoint) async throws {
    leftovers.insert(endpoint.containerID)
    try await blocking { [firewall] in
      try firewall.withdraw(endpoint.containerID)
      try ContainerLink.delete(endpoint.hostInterface)
    }
    ports.release(endpoint.containerID)
    try await store.remove(containerID: endpoint.containerID, network: endpoint.network)
    pool.free(endpoint.address)
    endpoints[endpoint.containerID] = nil
    leftovers.remove(endpoint.containerID)
  }
}

// MARK: - The whole network

extension NetworkService {
  /// Makes the bridge or adopts it, and puts the state of all containers that are still alive in place: their addresses, port
  /// reservations and rules. What belongs to any other container is removed. Call it once, before anything else.
  /// - Parameter live: the ids of the containers whose process exists.
  public func restore(live: Set<String>) async throws {
    let known = try await store.endpoints().filter { $0.network == Self.network }
    let alive = known.filter { live.contains($0.containerID) }
    let notes = try await blocking { [bridge] in try bridge.ensure(inUse: !alive.isEmpty) }
    if notes.enabledForwarding {
      logger.notice("net.ipv4.ip_forward was off and is on now: this machine forwards packets between all its networks")
    }
    for endpoint in known where !live.contains(endpoint.containerID) { try await forget(endpoint) }
    for endpoint in alive { try await readopt(endpoint) }
    try await removeStrays()
    try await blocking { [firewall, endpoints] in try firewall.restore(Array(endpoints.values)) }
  }

  /// Puts rules back as soon as somebody removes them, until the task is cancelled; ever later if somebody does so again and again.
  /// Without it that waits for the next change or start.
  public func run() async {
    do {
      let changes = try await blocking { try RuleMonitor().changes }
      var pace = RepairPace()
      if await mend() { _ = pace.pause(after: .now) }
      for await _ in changes where await mend() {
        let pause = pace.pause(after: .now)
        guard pause > .zero else { continue }
        logger.warning(
          "the rules of \(configuration.bridge) are changed again and again: they are left alone for \(pause)")
        // Two that mend each other's rules without end would take a processor each.
        try await Task.sleep(for: pause)
      }
    } catch is CancellationError {
      return
    } catch { logger.error("cannot watch the rules of \(configuration.bridge): \(error)") }
  }

  /// - Returns: whether somebody had changed something.
  private func mend() async -> Bool {
    do {
      guard try await blocking({ [firewall] in try firewall.mend() }) else { return false }
      logger.warning("somebody changed the rules of \(configuration.bridge); they are back")
    } catch { logger.error("cannot put the rules of \(configuration.bridge) back: \(error)") }
    return true
  }

  /// Removes all that this network put into the kernel: rules, endpoints' interfaces, the bridge. For `hack/down` and tests.
  public func removeAll() async throws {
    for endpoint in try await store.endpoints() where endpoint.network == Self.network {
      try await disconnect(endpoint)
    }
    let others = try await blocking { [bridge, firewall] in
      try firewall.remove()
      return try bridge.remove()
    }
    if !others.isEmpty {
      logger.warning("bridge \(configuration.bridge) stays, it has ports of others: \(others.joined(separator: ", "))")
    }
  }

  /// What an earlier manager left of a container that is no more. A store that takes nothing (a full disk) keeps no manager
  /// from starting.
  private func forget(_ endpoint: Endpoint) async throws {
    try await blocking { try ContainerLink.delete(endpoint.hostInterface) }
    do { try await store.remove(containerID: endpoint.containerID, network: endpoint.network) } catch {
      logger.error("cannot forget the address of \(endpoint.containerID): \(error)")
      leftovers.insert(endpoint.containerID)
      _ = pool.take(endpoint.address)
      endpoints[endpoint.containerID] = endpoint
      endpoints[endpoint.containerID]?.ports = []
    }
  }

  private func readopt(_ endpoint: Endpoint) async throws {
    if !pool.take(endpoint.address) {
      logger.error(
        "container \(endpoint.containerID) has the address \(endpoint.address), which is not this network's to give")
    }
    endpoints[endpoint.containerID] = endpoint
    let isThere = try await blocking { [bridge] in
      try ContainerLink(bridge: bridge).reconnect(endpoint.hostInterface)
    }
    if !isThere { logger.error("container \(endpoint.containerID) has lost its interface \(endpoint.hostInterface)") }
    do {
      let wanted = endpoint.ports.map(PortBinding.init)
      _ = try await blocking { [ports] in try ports.reserve(wanted, for: endpoint.containerID) }
    } catch {
      // The rules still lead to the container; whoever took the port meanwhile hears nothing on it.
      logger.warning("container \(endpoint.containerID): \(error), while no manager ran; its port works on")
    }
  }

  /// Interfaces that no endpoint knows: a manager died between making and recording, or its database was lost.
  private func removeStrays() async throws {
    let known = Set(endpoints.values.map(\.hostInterface))
    let strays = try await blocking { [bridge] in
      let strays = try ContainerLink(bridge: bridge).hostInterfaces().filter { !known.contains($0) }
      for stray in strays { try ContainerLink.delete(stray) }
      return strays
    }
    if !strays.isEmpty { logger.warning("removed interfaces of no known container: \(strays.joined(separator: ", "))") }
  }
}

extension NetworkService {
  /// Runs `body` where it may wait. Not cancellable: what has begun in the kernel is brought to an end.
  private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      threads.submit { state in
        guard case .active = state else {
          return continuation.resume(
            throwing: NetworkError.kernel(operation: "network", reason: "the manager is shutting down"))
        }
        continuation.resume(with: Result { try Self.translated(body) })
      }
    }
  }

  private static func translated<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as NetlinkError {
      throw NetworkError.kernel(operation: "network", reason: error.description)
    } catch let error as SyscallError {
      throw NetworkError.kernel(operation: "network", reason: error.description)
    }
  }
}

extension PortBinding {
  /// Asks for exactly what was published.
  init(_ published: PublishedPort) {
    self.init(
      containerPort: published.containerPort, transport: published.transport, hostAddress: published.hostAddress,
      hostPorts: published.hostPort...published.hostPort)
  }
}
