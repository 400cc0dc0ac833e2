internal import Containers
internal import Content
internal import Events
internal import Images
internal import LinuxKernel
internal import Logging
internal import Metadata
internal import NIOPosix
internal import Networks
internal import Registry
internal import Snapshots
internal import Volumes

/// What the domains of a daemon stand on.
struct DomainBase {
  let configuration: DaemonConfiguration
  let threads: NIOThreadPool
  let logger: Logger
  let database: Metadata.Database
  let events: EventLog

  private var root: String { configuration.paths.dataRoot }

  func imageService(_ layers: any LayerStore) throws -> ImageService {
    let content = try ContentStore(root: "\(root)/content")
    try content.removePartial(olderThan: Timestamp.now().seconds - ImageService.partLifetime)
    let registries = RegistryClient(
      places: configuration.registries, proxies: configuration.proxies, pool: threads,
      patience: configuration.registryPatience)
    return ImageService(
      catalog: StoredImages(database, events: events), blobs: StoredBlobs(content), layers: layers,
      folder: "\(root)/content/ingest", registry: RemoteRepositories(client: registries), pool: threads, log: logger,
      now: { Timestamp.now().nanoseconds })
  }

  func networkService(_ identity: Identity) throws -> NetworkService {
    try NetworkService(
      configuration: configuration.network, identifiers: identity.networks,
      createdAt: identity.createdAt.nanoseconds, store: StoredNetworks(database: database, events: events),
      nameFolder: "\(configuration.paths.execRoot)/networks", threads: threads, logger: logger,
      now: { Timestamp.now().nanoseconds })
  }

  func volumeService() -> VolumeService {
    VolumeService(
      store: StoredVolumes(database: database, events: events), folder: "\(root)/volumes", threads: threads,
      log: logger, measure: { try SnapshotUsage(of: $0).size }, now: { Timestamp.now().nanoseconds })
  }

  func containerService(
    images: ImageService, rootfs: any RootfsProvider, volumes: VolumeService, networks: NetworkService,
    _ problems: UnreadableThings
  ) throws -> ContainerService {
    ContainerService(
      repository: StoredContainers(database: database, events: events), events: EventsOfContainers(log: events),
      images: ImagesForContainers(images: images), rootfs: rootfs, volumes: VolumesForContainers(volumes: volumes),
      network: NetworksForContainers(
        networks: networks, hostAddress: configuration.network.address.address.description),
      shims: ShimConnector(
        executable: configuration.shim, group: MultiThreadedEventLoopGroup.singleton, threads: threads),
      shimCgroups: try .current(parent: configuration.paths.cgroupParent), paths: configuration.paths,
      runtimes: configuration.runtimes, machine: try Self.machine(), threads: threads,
      group: MultiThreadedEventLoopGroup.singleton, logger: logger, deviceFolders: configuration.deviceFolders,
      initProgram: configuration.initProgram, initByDefault: configuration.initByDefault,
      defaultCgroupMode: HostFacts.cgroupVersion == 2 ? .isolated : .host, logDefaults: configuration.logDefaults,
      report: problems.add,
      defaultSeccomp: { capabilities in
        DefaultSeccompProfile.Machine.current.map {
          DefaultSeccompProfile.profile(capabilities: capabilities, machine: $0)
        }
      })
  }

  private static func machine() throws -> MachineLimits {
    var machine = try MachineLimits.current()
    machine.openFiles = try OpenFileLimit.raise()
    return machine
  }
}
