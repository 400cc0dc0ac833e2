import LinuxKernel
import Logging
import NIOCore
import NIOPosix
import OCIImageSpec
import ShimProtocol
import Synchronization

@testable import Containers

/// Records in memory, with the durability that each was last written with.
final class MemoryRepository: ContainerRepository, EventRecorder {
  private let told = Mutex<[ContainerEvent]>([])
  private let records = Mutex<[ContainerID: ContainerRecord]>([:])
  /// Whether nothing can be written.
  let isFull = Mutex(false)

  init(_ initial: [ContainerRecord] = []) {
    records.withLock { records in for record in initial { records[record.id] = record } }
  }

  func insert(_ record: ContainerRecord, telling events: [ContainerEvent]) async throws {
    await self.record(events)
    records.withLock { $0[record.id] = record }
  }
  func update(_ record: ContainerRecord, durable: Bool, telling events: [ContainerEvent]) async throws {
    if isFull.withLock({ $0 }) { throw ContainerError.failed("the disk is full") }
    await self.record(events)
    records.withLock { $0[record.id] = record }
  }
  func remove(_ id: ContainerID, telling events: [ContainerEvent]) async throws {
    await self.record(events)
    records.withLock { _ = $0.removeValue(forKey: id) }
  }
  func record(_ events: [ContainerEvent]) async { told.withLock { $0 += events } }
  /// What was told, in order.
  var events: [ContainerEvent] { told.withLock { $0 } }
  func all() async throws -> [ContainerRecord] { records.withLock { Array($0.values) } }
}

final class ReportList: Sendable {
  private let reports = Mutex<[String]>([])

  var all: [String] { reports.withLock { $0 } }

  func add(_ report: String) { reports.withLock { $0.append(report) } }
}

struct OneImage: ImageProvider {
  static let id = "sha256:" + String(repeating: "1", count: 64)

  static var image: ContainerImage {
    var configuration = ImageConfiguration()
    configuration.config = ContainerDefaults()
    configuration.config?.cmd = ["sh"]
    return ContainerImage(id: id, chainID: "", configuration: configuration)
  }

  func withImages<Result: Sendable>(
    named names: [String], _ body: @Sendable ([ContainerImage]) async throws -> Result
  ) async throws -> Result {
    if let unknown = names.first(where: { $0 != "busybox" && $0 != "other" }) {
      throw ContainerError.imageNotFound(unknown)
    }
    return try await body(names.map { $0 == "busybox" ? Self.image : Self.other })
  }

  /// Which has a layer.
  static var other: ContainerImage {
    let (id, chainID) = ("sha256:" + String(repeating: "2", count: 64), "sha256:" + String(repeating: "3", count: 64))
    return ContainerImage(id: id, chainID: chainID, configuration: ImageConfiguration())
  }

  func sizes() async -> [String: Int64] { [Self.id: 1000] }
  func released(_ id: String) async {}
  func descendants(of name: String) async throws -> Set<String> { name == "busybox" ? [Self.id] : [] }
}

/// Counts what is mounted and attached, so that tests can ask whether anything is left.
final class CountedResources: RootfsProvider, NetworkProvider, VolumeProvider {
  private let counts = Mutex((mounted: Set<ContainerID>(), attached: [ContainerID: [ContainerEndpoint]]()))

  var isEmpty: Bool { counts.withLock { $0.mounted.isEmpty && $0.attached.isEmpty } }

  func requireLimits() throws { throw ContainerError.unsupported("limits of fakes") }
  func make(_ id: ContainerID, chainID: String, limit: UInt64) async throws {}
  func mount(_ id: ContainerID, chainID: String, at path: String) async throws {
    counts.withLock { _ = $0.mounted.insert(id) }
  }
  func mountImage(chainID: String, at path: String) async throws {}
  func unmount(_ id: ContainerID, at path: String) async throws { counts.withLock { _ = $0.mounted.remove(id) } }
  func remove(_ id: ContainerID) async throws {}
  var driver: String { "fake" }

  func status() -> [[String]] { [] }
  var hostAddress: String { "10.0.0.1" }
  func usage(_ id: ContainerID) async throws -> Int64 { 7 }
  func differences(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> RootfsDifferences? { nil }

  func place(_ id: ContainerID, chainID: String) async throws -> RootfsPlace {
    RootfsPlace(driver: driver, data: ["UpperDir": "/upper"])
  }
  func view(_ id: ContainerID, chainID: String, _ request: RootfsViewRequest) async throws -> RootfsView {
    throw ContainerError.unsupported("views of fakes")
  }
  func changes(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> [FileChange] { [] }
  func network(_ name: String) async throws -> NetworkIdentity {
    if name == "gone" { throw ContainerError.networkNotFound(name) }
    let name = name.hasPrefix("id of ") ? String(name.dropFirst(6)) : name
    return NetworkIdentity(name: name, id: "id of \(name)")
  }

  func attach(
    _ id: ContainerID, pid: Int32, to network: String, _ request: EndpointRequest, names: [String], ports: [PortBinding]
  ) async throws {
    if request.ipv4Address == "10.0.0.255" { throw ContainerError.forbidden("Address already in use") }
    counts.withLock { counts in
      var endpoint = ContainerEndpoint()
      (endpoint.networkID, endpoint.network) = (network, String(network.dropFirst("id of ".count)))
      endpoint.address = "10.0.0.\(counts.attached[id, default: []].count + 2)"
      endpoint.ports = ports
      counts.attached[id, default: []].append(endpoint)
    }
  }
  func rename(_ id: ContainerID, _ names: [String: [String]]) async throws {}
  func names(for id: ContainerID) async -> (tables: [String], mayAskOthers: Bool) { (["/table"], true) }
  func redirectNames(pid: Int32, udp: UInt16, tcp: UInt16) async throws {}
  func endpoints(of id: ContainerID) async -> [ContainerEndpoint] { counts.withLock { $0.attached[id] ?? [] } }
  func detach(_ id: ContainerID, from network: String, pid: Int32) async throws {
    counts.withLock { $0.attached[id]?.removeAll { $0.networkID == network } }
  }
  func use(_ volume: ContainerVolume, by id: ContainerID) async throws -> ContainerVolume { volume }
  func restoreUse(of name: String, by id: ContainerID, isRunning: Bool) async {}
  func mount(_ name: String, for id: ContainerID) async throws {}
  func unmount(_ name: String, for id: ContainerID) async throws -> Bool { false }
  func release(_ name: String, by id: ContainerID) async {}
  func remove(_ name: String) async throws {}
  func fill(
    _ name: String, for id: ContainerID,
    _ body: @escaping @Sendable (_ folder: borrowing LinuxKernel.FileDescriptor) throws -> Bool
  ) async throws {}

  func detach(_ id: ContainerID, sharedBy pid: Int32?) async throws { counts.withLock { $0.attached[id] = nil } }
}
