internal import Containers
internal import EngineServer
internal import Events
internal import Images
internal import Logging
internal import Metadata
internal import NIOPosix
internal import Networks
internal import OCIImageSpec
internal import Snapshots
internal import Volumes

/// The domains of one daemon, wired to one another.
struct Domains: Sendable {
  let database: Metadata.Database
  let images: ImageService
  let networks: NetworkService
  let volumes: VolumeService
  let containers: ContainerService
  let events: EventLog
  let system: SystemInformation
  private let problems: UnreadableThings

  init(_ configuration: DaemonConfiguration, threads: NIOThreadPool, logger: Logger) async throws {
    let root = configuration.paths.dataRoot
    database = try await Database.open(at: "\(root)/proa.db") { what in
      logger.error("set aside", metadata: ["kind": "\(what.kind)", "key": "\(what.key)", "reason": "\(what.reason)"])
    }
    events = EventLog(store: StoredEvents(database, logger: logger), logger: logger)
    let problems = UnreadableThings()
    let identity = try Identity.of(dataRoot: root, logger: logger, problems: problems)
    self.problems = problems
    let snapshotter = try Self.snapshotter(configuration, logger: logger, problems: problems)
    let base = DomainBase(
      configuration: configuration, threads: threads, logger: logger, database: database, events: events)
    images = try Self.imageService(base, snapshotter)
    networks = try base.networkService(identity)
    volumes = base.volumeService()
    containers = try base.containerService(
      images: images, rootfs: Self.rootfs(snapshotter, threads), volumes: volumes,
      networks: networks, problems)
    system = SystemInformation(
      configuration: configuration, containers: containers, images: images, database: database, identity: identity,
      events: events, problems: problems)
  }

  private static func imageService(
    _ base: DomainBase, _ snapshotter: some Snapshotter
  ) throws -> ImageService { try base.imageService(StoredLayers(snapshotter)) }

  private static func rootfs(_ snapshotter: some Snapshotter, _ threads: NIOThreadPool) -> any RootfsProvider {
    SnapshotsForContainers(snapshotter: snapshotter, threads: threads)
  }

  private static func snapshotter(
    _ configuration: DaemonConfiguration, logger: Logger, problems: UnreadableThings
  ) throws -> any Snapshotter {
    let snapshotter: any Snapshotter
    do {
      snapshotter = try StorageDriver.open(
        configuration.storageDriver, at: "\(configuration.paths.dataRoot)/snapshots", mountPoints: .ofContainers)
    } catch let error as StorageDriverError { throw DaemonError.option("--storage-driver", "\(error)") }
    for what in try snapshotter.recover() {
      logger.error("set aside", metadata: ["path": "\(what.path)", "reason": "\(what.reason)"])
      problems.add("snapshot \(what.path) could not be read and was set aside: \(what.reason)")
    }
    return snapshotter
  }

  /// Brings everything to where it was when the last daemon ended.
  func restore() async throws {
    for problem in try await images.start() { problems.add(problem) }
    try await volumes.restore()
    try await networks.load()
    try await containers.restore()
    let containers = containers
    // What is no digest is none of a layer.
    await images.keepLayers { Set(containers.layers.compactMap { try? Digest($0) }) }
    try await images.collect()
    await volumes.settleMounts()
    let live = Set(containers.running.map(\.id))
    try await networks.restore(live: Set(live.map(\.text)), processes: containers.networkProcesses)
    // What ended in between was not known to the network yet.
    for id in live.subtracting(containers.running.map(\.id)) {
      try await networks.detach(containerID: id.text, pid: containers.networkProcesses[id.text])
    }
    await containers.restoreEndpoints()
    containers.startByPolicy()
  }

  var routes: [Route] {
    let containers = containers
    let use: @Sendable (Digest) -> ImageUse = { Self.use(of: $0.description, by: containers) }
    return Route.system(system) + [Route.events(events)] + Route.prune(containers, images, use: use)
      + [Route.diskUsage(containers, images, volumes)] + Route.containers(containers)
      + [Route.fsck(images), Route.search(images), Route.pull(images), Route.commit(containers, images)]
      + Route.registries(images)
      + Route.images(
        images, driver: containers.storageDriver,
        containers: { id in containers.containers(ofImage: id.description).map(\.id.text) }, use: use)
      + Route.networks(networks, containers) + Route.volumes(volumes) + Route.unsupported
  }

  /// Who makes containers of an image, or has it mounted: those that run count first.
  private static func use(of imageID: String, by containers: ContainerService) -> ImageUse {
    let users = containers.users(ofImage: imageID)
    if let running = users.first(where: { $0.state.isActive }) { return .running(by: running.id.text) }
    return users.first.map { .stopped(by: $0.id.text) } ?? .unused
  }
}
