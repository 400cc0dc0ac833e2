import LinuxKernel
import Logging
import NIOCore
import NIOPosix
import ShimProtocol
import Testing

@testable import Containers

/// A service on fakes, in a folder of its own that is removed afterwards.
struct ServiceFixture: Sendable {
  let service: ContainerService
  let shims: FakeShims
  let resources = CountedResources()
  let repository: MemoryRepository
  let paths: ContainerPaths
  /// What the service reported as unreadable.
  let reports: ReportList

  static let machine = MachineLimits(
    processors: 2, processorList: "0-1", memoryNodeList: "0", capabilities: CapabilitySet.all)

  /// - Parameter prepare: runs before the service exists, in folders that do.
  static func run(
    shims: FakeShims = FakeShims(), records: [ContainerRecord] = [],
    prepare: (ContainerPaths) async throws -> Void = { _ in }, _ body: (ServiceFixture) async throws -> Void
  ) async throws {
    let root = "/tmp/proa-containers-tests-\(UInt64.random(in: .min ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(root) } }
    let paths = ContainerPaths(dataRoot: "\(root)/data", execRoot: "\(root)/exec")
    try Directory.make("\(paths.dataRoot)/containers")
    try Directory.make(paths.bundles)
    try Directory.make(paths.unreadable)
    try await prepare(paths)
    let fixture = try ServiceFixture(shims, MemoryRepository(records), paths)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await fixture.service.run() }
      defer { fixture.service.shutDown() }
      try await body(fixture)
    }
  }

  private init(_ shims: FakeShims, _ repository: MemoryRepository, _ paths: ContainerPaths) throws {
    self.shims = shims
    self.repository = repository
    self.paths = paths
    let reports = ReportList()
    self.reports = reports
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    service = ContainerService(
      repository: repository, events: repository, images: OneImage(), rootfs: resources,
      volumes: resources, network: resources,
      shims: shims,
      shimCgroups: ShimCgroups(parent: paths.cgroupParent, mountinfo: ""), paths: paths,
      runtimes: try RuntimeTable(["r": "/bin/true"], default: "r"), machine: Self.machine, threads: .singleton,
      group: MultiThreadedEventLoopGroup.singleton, logger: logger, initProgram: "/bin/true", report: reports.add,
      defaultSeccomp: { _ in nil })
  }

  func create(
    name: String? = nil, _ change: (inout CreateRequest) -> Void = { _ in }
  ) async throws -> ContainerID {
    var request = CreateRequest()
    request.name = name
    request.image = "busybox"
    change(&request)
    return try await service.create(request).id
  }

  static func record(name: String = "old", state: ContainerState, autoRemove: Bool = false) async throws
    -> ContainerRecord
  {
    var configuration = ContainerConfiguration()
    configuration.command = ["sh"]
    var host = HostConfiguration()
    host.autoRemove = autoRemove
    var record = ContainerRecord(
      id: .random(), name: try ContainerName(name), createdAt: .now(), imageName: "busybox",
      image: OneImage.image, configuration: configuration, host: host)
    record.state = state
    return record
  }
}
