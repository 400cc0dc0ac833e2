internal import LinuxKernel
public import Logging
public import NIOPosix

/// The networks: bridges, addresses, and published ports.
///
/// All that a container's network needs while it runs is in the kernel (bridges, veth pairs, nftables) and in the store: it goes on
/// when the manager dies, and the next manager finds it with ``restore(live:processes:)``.
public actor NetworkService {
  /// The default network's name, `bridge`.
  public static let network = "bridge"

  let configuration: NetworkConfiguration
  let store: any EndpointStore & NetworkStore
  let logger: Logger
  let firewall: Firewall
  let ports: PortReservations
  let now: @Sendable () -> Int64
  let nameTables: NameTables
  private let threads: NIOThreadPool

  /// By their keys.
  var networks: [String: ManagedNetwork] = [:]
  /// By the containers' identifiers, in the order in which they were connected.
  var endpoints: [String: [Endpoint]] = [:]
  /// Endpoints, by their identifiers, that could not be forgotten: their addresses stay taken until they can.
  var leftovers: Set<String> = []
  /// Grows with every change of names.
  var nameVersion: UInt64 = 0

  /// Touches nothing yet.
  /// - Parameter identifiers: of the networks that are there from the beginning, by name.
  /// - Parameter createdAt: when these were made, in nanoseconds since 1970.
  /// - Parameter nameFolder: where it is written who is called what.
  /// - Parameter threads: where system calls are made, and so in whose network namespace; shared with others, and not shut down by
  ///   this service.
  /// - Parameter now: nanoseconds since 1970.
  public init(
    configuration: NetworkConfiguration, identifiers: [String: String] = [:], createdAt: Int64 = 0,
    store: any EndpointStore & NetworkStore, nameFolder: String, threads: NIOThreadPool = .singleton, logger: Logger,
    now: @escaping @Sendable () -> Int64
  ) throws {
    self.configuration = configuration
    self.store = store
    self.threads = threads
    self.logger = logger
    self.now = now
    nameTables = NameTables(folder: nameFolder)
    firewall = Firewall(table: configuration.table, logger: logger)
    ports = PortReservations()
    for network in configuration.predefined(identifiers, createdAt: createdAt) {
      networks[network.key] = try ManagedNetwork(network)
    }
  }
}

// MARK: - What there is

extension NetworkService {
  /// Those that are there from the beginning, then the others in the order in which they were made.
  public var all: [Network] {
    networks.values.filter { $0.phase == .ready }.map(\.network).sorted { left, right in
      (left.isPredefined ? 0 : 1, left.createdAt, left.name) < (right.isPredefined ? 0 : 1, right.createdAt, right.name)
    }
  }

  /// - Parameter text: an identifier, a name, or the beginning of an identifier.
  /// - Throws: ``NetworkError/notFound(_:)``, ``NetworkError/ambiguous(_:count:)``.
  public func network(_ text: String) throws(NetworkError) -> Network {
    let ready = networks.values.filter { $0.phase == .ready }.map(\.network)
    if let exact = ready.first(where: { $0.id == text }) ?? ready.first(where: { $0.name == text }) { return exact }
    let matches = text.isEmpty ? [] : ready.filter { $0.id.hasPrefix(text) }
    guard matches.count < 2 else { throw .ambiguous(text, count: matches.count) }
    guard let match = matches.first else { throw .notFound(text) }
    return match
  }

  /// The container's endpoint on the network, nil if it is not on it.
  /// - Parameter network: as in ``network(_:)``.
  public func endpoint(of containerID: String, on network: String = NetworkService.network) -> Endpoint? {
    guard let key = try? self.network(network).key else { return nil }  // what is not there has no endpoints
    return endpoints[containerID]?.first { $0.network == key }
  }

  /// All of the container's endpoints.
  public func endpoints(of containerID: String) -> [Endpoint] { endpoints[containerID] ?? [] }

  /// All endpoints on the network.
  public func endpoints(on network: Network) -> [Endpoint] {
    endpoints.values.joined().filter { $0.network == network.key }
  }

  func segment(of managed: ManagedNetwork) throws(NetworkError) -> Segment {
    guard let segment = try managed.segment(mtu: managed.network.isPredefined ? configuration.mtu : nil) else {
      guard managed.network.configuration == nil else {
        throw .forbidden("cannot create endpoint on configuration-only network")
      }
      throw .invalid("network \(managed.network.name) has no interfaces to give")
    }
    return segment
  }
}

extension NetworkService {
  /// Runs `body` where it may wait. Not cancellable: what has begun in the kernel is brought to an end.
  func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
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
