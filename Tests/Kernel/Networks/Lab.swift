import Glibc
import LinuxKernel
import Logging
import NIOPosix
import Networks
import Synchronization
import Testing

/// Network namespaces of one test: `host`, where the network under test lives, and `outside`, its neighbour on a wire
/// (192.0.2.1 and 192.0.2.2). Containers are added as needed. All go when the test ends, and with them all that is in them.
final class Lab: Sendable {
  let name: String
  let store = MemoryStore()
  private let processes = Mutex<[Child]>([])

  var host: String { "\(name)-h" }
  var outside: String { "\(name)-o" }
  /// Where it is written who is called what.
  var names: String { "/tmp/\(name)-names" }

  /// Runs `body` in a fresh laboratory and cleans up whatever happens.
  static func run(_ body: (Lab) async throws -> Void) async throws {
    let lab = Lab(name: "pnt\(UInt32.random(in: 0...0xFFFFFF))")
    do {
      try lab.build()
      try await body(lab)
    } catch {
      lab.tearDown()
      throw error
    }
    lab.tearDown()
  }

  private init(name: String) { self.name = name }

  private func build() throws {
    for namespace in [host, outside] {
      try shell("ip netns add \(namespace) && ip -n \(namespace) link set lo up")
    }
    try shell("ip -n \(host) link add wire0 type veth peer name wire0 netns \(outside)")
    try shell("ip -n \(host) addr add 192.0.2.1/24 dev wire0 && ip -n \(host) link set wire0 up")
    try shell("ip -n \(outside) addr add 192.0.2.2/24 dev wire0 && ip -n \(outside) link set wire0 up")
  }

  private func tearDown() {
    #expect(throws: Never.self) { try Directory.removeTree(names) }
    for process in processes.withLock({ $0 }).reversed() { process.stop() }
    let made = (try? output("ip netns list")) ?? ""
    for line in made.split(separator: "\n") where line.hasPrefix(name) {
      let namespace = line.split(separator: " ")[0]
      #expect(throws: Never.self) { try shell("ip netns del \(namespace)") }
    }
  }

  /// A process in a network namespace of its own, as a container's init is.
  func container(_ name: String) async throws -> Container {
    let namespace = "\(self.name)-\(name)"
    try shell("ip netns add \(namespace)")
    let process = try start("exec sleep 1000", in: namespace)
    try await poll("\(namespace) to be joined") { try output("ip netns identify \(process.pid)") == namespace + "\n" }
    return Container(id: name, namespace: namespace, pid: process.pid)
  }

  /// A manager in the `host` namespace, whose only thread for system calls has moved there.
  func withNetwork(
    bip: String = "172.30.0.1/16", ipv6Subnet: String? = nil, _ body: (NetworkService) async throws -> Void
  ) async throws {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let path = "/run/netns/\(host)"
    try await threads.runIfActive { try FileDescriptor.open(path).joinNamespaces(.network) }
    let configuration = try NetworkConfiguration(
      address: bip, enablesIPv6: ipv6Subnet != nil, ipv6Subnet: ipv6Subnet)
    let network = try NetworkService(
      configuration: configuration, store: store, nameFolder: names, threads: threads, logger: Logger(label: "test"),
      now: { 1 })
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(network)) } catch { outcome = .failure(error) }
    try await threads.shutdownGracefully()
    try outcome.get()
  }

  /// Runs `body` on a thread that has moved to a namespace, `host` unless said otherwise.
  func inside(_ namespace: String? = nil, _ body: @escaping @Sendable () throws -> Void) throws {
    let file = try FileDescriptor.open("/run/netns/\(namespace ?? host)")
    try NetworkNamespace.onThread(in: file.number) { Result { try body() } }.get()
  }

  /// Starts `command` in the namespace; it is ended with the test.
  @discardableResult
  func start(_ command: String, in namespace: String) throws -> Child {
    let child = try Child("exec ip netns exec \(namespace) sh -c '\(command)'")
    processes.withLock { $0.append(child) }
    return child
  }

  /// Answers every TCP connection to the port with `text` and the asker's address.
  func serve(_ text: String, port: Int, isIPv6: Bool = false, in namespace: String) async throws {
    let script = "echo \(text) \\$SOCAT_PEERADDR"
    try start("exec socat TCP\(isIPv6 ? "6" : "")-LISTEN:\(port),reuseaddr,fork SYSTEM:\"\(script)\"", in: namespace)
    try await poll("a listener on \(port)") {
      (try output("ip netns exec \(namespace) ss -Hltn sport = :\(port)")).contains(":\(port)")
    }
  }

  /// What a TCP server says, nil if there is no connection within a second.
  func ask(_ address: String, _ port: Int, from namespace: String) throws -> String? {
    let place = address.contains(":") ? "TCP6:[\(address)]" : "TCP:\(address)"
    let command = "ip netns exec \(namespace) socat -T2 -t2 - \(place):\(port),connect-timeout=1 </dev/null"
    let answer = try? output(command)
    return answer.flatMap { $0.isEmpty ? nil : Self.readable(String($0.split(separator: "\n")[0])) }
  }

  /// With an address of IPv6, which socat writes with all its zeros, as everybody else writes it.
  private static func readable(_ answer: String) -> String {
    answer.split(separator: " ").map { word in
      IPv6Address(word.filter { !"[]".contains($0) })?.description ?? String(word)
    }.joined(separator: " ")
  }

  /// All rules of the namespace, `""` if there are none. Protocols are numbers, which need no `/etc/protocols`.
  func rules() throws -> String { try output("ip netns exec \(host) nft --numeric-protocol list ruleset") }

  /// The names of the namespace's interfaces.
  func interfaces(_ namespace: String) throws -> Set<String> {
    // Not `ip link`, which adds a remark when the list changes while it is read.
    let names = try output("ip netns exec \(namespace) ls /sys/class/net").split(separator: "\n").map(String.init)
    return Set(names).subtracting(["lo"])
  }
}

struct Container: Sendable {
  let id: String
  let namespace: String
  let pid: Int32
}

/// Networks and endpoints in memory: what a database would keep.
actor MemoryStore: EndpointStore, NetworkStore {
  private var kept: [String: Endpoint] = [:]
  private var made: [String: Network] = [:]
  /// Whether it takes nothing new.
  private var isFull = false

  /// What is done before the next network is refused.
  private var beforeRefusal: (@Sendable () async throws -> Void)?

  /// What is done before the next network is forgotten.
  private var beforeRemoval: (@Sendable () async throws -> Void)?

  func fill() { isFull = true }
  func forget(after body: @escaping @Sendable () async throws -> Void) { beforeRemoval = body }
  func refuse(after body: @escaping @Sendable () async throws -> Void) { beforeRefusal = body }
  func put(_ endpoint: Endpoint) throws {
    try checkRoom()
    kept[endpoint.containerID + endpoint.network] = endpoint
  }
  func remove(containerID: String, network: String) { kept[containerID + network] = nil }
  func endpoints() -> [Endpoint] { Array(kept.values) }
  func insert(_ network: Network) async throws {
    if let body = beforeRefusal {
      beforeRefusal = nil
      try await body()
      throw NetworkError.kernel(operation: "write", reason: "no space left on device")
    }
    try checkRoom()
    made[network.id] = network
  }
  func remove(_ network: Network) async throws {
    if let body = beforeRemoval {
      beforeRemoval = nil
      try await body()
    }
    made[network.id] = nil
  }
  func networks() -> [Network] { Array(made.values) }
  func pruned() {}

  private func checkRoom() throws {
    if isFull { throw NetworkError.kernel(operation: "write", reason: "no space left on device") }
  }
}

extension NetworkService {
  /// On the default network, as most tests want it.
  func attach(containerID: String, pid: Int32, ports: [PortBinding] = []) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: containerID, pid: pid)
    request.ports = ports
    return try await attach(request)
  }
}

extension Endpoint {
  /// What it must have on most networks.
  var ipv4: String { address?.description ?? "no IPv4 address" }
  var ipv4Gateway: String { gateway?.description ?? "no IPv4 gateway" }
}
