internal import LinuxKernel
public import Logging
public import NIOCore
public import NIOPosix
public import OCIRuntimeSpec
internal import ShimProtocol

/// Containers from their creation to their removal. What it needs of the other domains it is handed.
public final class ContainerService: Sendable {
  let surroundings: ContainerSurroundings
  var images: any ImageProvider { surroundings.images }
  private let defaultCgroupMode: NamespaceMode
  private let logDefaults: LogDefaults

  var index: ContainerIndex { surroundings.index }
  var execs: ExecDirectory { surroundings.execs }

  /// - Parameter threads: for calls that block.
  /// - Parameter machine: what requests are judged against.
  /// - Parameter defaultCgroupMode: of containers whose request does not say.
  /// - Parameter deviceFolders: where CDI's devices are described, the most important last.
  /// - Parameter initProgram: absolute path of `proa-runtime`, which is the init of containers that are to have one.
  /// - Parameter initByDefault: whether containers whose request does not say are.
  /// - Parameter logDefaults: the log driver of containers whose request does not say.
  /// - Parameter report: is told, in words for a person, what cannot be read and was set aside.
  /// - Parameter defaultSeccomp: the profile for a container with these capabilities; `nil` is none.
  public init(
    repository: any ContainerRepository, events: any EventRecorder, images: any ImageProvider,
    rootfs: any RootfsProvider, volumes: any VolumeProvider,
    network: any NetworkProvider, shims: any ShimConnecting, shimCgroups: ShimCgroups, paths: ContainerPaths,
    runtimes: RuntimeTable,
    machine: MachineLimits, threads: NIOThreadPool, group: any EventLoopGroup, logger: Logger,
    deviceFolders: [String] = [], initProgram: String, initByDefault: Bool = false,
    defaultCgroupMode: NamespaceMode = .isolated, logDefaults: LogDefaults = .standard,
    report: @escaping @Sendable (String) -> Void,
    defaultSeccomp: @escaping @Sendable (Set<String>) -> LinuxSeccomp?
  ) {
    surroundings = ContainerSurroundings(
      repository: repository, events: events, images: images, rootfs: rootfs, volumes: volumes,
      network: network, shims: shims, shimCgroups: shimCgroups,
      paths: paths,
      runtimes: runtimes,
      machine: machine, threads: threads, group: group, index: ContainerIndex(), execs: ExecDirectory(),
      supervisor: TaskSupervisor(),
      logger: logger, report: report, deviceFolders: deviceFolders,
      initProgram: InitProgram(source: initProgram, dataRoot: paths.dataRoot),
      initByDefault: initByDefault,
      defaultSeccomp: defaultSeccomp)
    self.defaultCgroupMode = defaultCgroupMode
    self.logDefaults = logDefaults
  }

  public var paths: ContainerPaths { surroundings.paths }
  public var runtimes: RuntimeTable { surroundings.runtimes }

  /// Runs the tasks behind the containers until ``shutDown()``; operations that have begun are finished first.
  public func run() async { await surroundings.supervisor.run() }

  /// Lets go of the containers: they keep running.
  public func shutDown() { surroundings.supervisor.stop() }

  /// Examines every container that the last daemon left. To be called while ``run()`` runs, before anything else.
  public func restore() async throws {
    let records = try await surroundings.repository.all()
    let containers = records.map { Container($0, surroundings) }
    for (container, record) in zip(containers, records) {
      index.insert(container, record)
      for volume in record.volumes {
        await surroundings.volumes.restoreUse(
          of: volume.name, by: record.id, isRunning: record.state.running != nil)
      }
    }
    try await reportStrays()
    await withDiscardingTaskGroup { group in
      for container in containers {
        group.addTask {
          do { try await container.restore() } catch {
            await container.logger.error("cannot restore the container", metadata: ["error": "\(error)"])
          }
        }
      }
    }
  }

  /// Has the containers that run know their places on their networks. To be called once the network is restored.
  public func restoreEndpoints() async {
    for record in index.records() where record.state.running != nil {
      guard let container = try? index.find(record.id.text).container else { continue }  // removed meanwhile
      await container.restoreEndpoint()
    }
  }

  /// Starts those that their restart policies want to run. To be called once everything else is restored; the starts go on
  /// after it has returned, each after those that it needs.
  public func startByPolicy() {
    let (records, supervisor, starts) = (index.records(), surroundings.supervisor, surroundings.policyStarts)
    starts.expect(records.filter(\.isDueWithDaemon).map(\.id))
    for record in records {
      guard let container = try? index.find(record.id.text).container else {
        // Removed meanwhile.
        starts.settle(record.id)
        continue
      }
      guard record.state.exit != nil, !record.needs.isEmpty else {
        supervisor.operate { await container.startByPolicy() }
        continue
      }
      supervisor.watch {
        await starts.wait(for: record.needs)
        // Cancelled: the daemon is stopping; the next one will do it.
        if !Task.isCancelled { supervisor.operate { await container.startByPolicy() } }
      }
    }
  }

  /// Bundles of no known container: the database was lost. They may run, and are nobody's to remove. And what earlier daemons
  /// set aside.
  private func reportStrays() async throws {
    let (bundles, unreadable) = (paths.bundles, paths.unreadable)
    let known = Set(index.records().map(\.id.text))
    let names = try await surroundings.threads.runIfActive { try Directory.names(bundles) }
    for name in names where !known.contains(name) {
      surroundings.logger.error("bundle of no known container", metadata: ["path": "\(bundles)/\(name)"])
      surroundings.report("\(bundles)/\(name) is the bundle of no known container")
    }
    for name in try await surroundings.threads.runIfActive({ try Directory.names(unreadable) }) {
      surroundings.report("\(unreadable)/\(name) is an exit record that could not be read")
    }
  }

  /// Returns when what is being done to a container is done, unless it runs; none of that name is fine.
  public func settle(_ name: String) async {
    do { try await index.find(name).container.settle() } catch {
      // It is gone, and everything of it.
    }
  }

  /// The containers that run.
  public var running: [ContainerRecord] { index.records().filter { $0.state.running != nil } }

  /// By identifiers, a process in the network namespace of each container that has one of its own: its first one, or of one that has
  /// ended that of another container which shares it.
  public var networkProcesses: [String: Int32] { index.networkProcesses() }
}

// MARK: - Making

/// What a container is to be.
public struct CreateRequest: Equatable, Sendable {
  /// `nil`: one of the daemon's making.
  public var name: String?
  public var image = ""
  public var configuration = ContainerConfiguration()
  public var host = HostConfiguration()
  /// By the names, or identifiers, of networks.
  public var endpoints: [String: EndpointRequest] = [:]

  public init() {}
}

extension ContainerService {
  /// Makes a container without starting it.
  /// - Throws: ``ContainerError/imageNotFound(_:)``, ``ContainerError/nameInUse(name:owner:)``, ``ContainerError/invalid(_:)``,
  ///   ``ContainerError/unsupported(_:)``; nothing is left then.
  /// - Returns: the container's identifier, and for the person who asked, what is not as it was meant.
  public func create(_ request: CreateRequest) async throws -> (id: ContainerID, warnings: [String]) {
    let name = try request.name.map { try ContainerName($0) }
    try await validate(request)
    return try await images.withImages(named: [request.image] + request.host.namesOfMountedImages) { images in
      try await create(request, name, of: images[0], mounting: images.dropFirst())
    }
  }

  private func create(
    _ request: CreateRequest, _ name: ContainerName?, of image: ContainerImage,
    mounting images: ArraySlice<ContainerImage>
  ) async throws -> (id: ContainerID, warnings: [String]) {
    var host = request.host
    logDefaults.complete(&host)
    let configuration = try request.configuration.merged(with: image.configuration.config)
    try configuration.validate()
    let inherited = try inherited(by: host)
    host.inheritedBinds = inherited.binds
    let volumes = try host.volumes(at: configuration.volumes, inherited: inherited)
    let mountedImages = try host.mountedImages(images, inherited: inherited.images)
    host = try resolved(host)
    let weights = surroundings.machine.weighsBlockIO ? [] : host.resources.blockIO.dropWeights()
    let warnings = request.host.warnings + weights
    host.cgroupMode = host.cgroupMode ?? (host.privileged ? .host : defaultCgroupMode)
    // By name, and once: another default of a later daemon is for later containers.
    host.runtime = try runtimes.runtime(host.runtime).name
    let places = try await places(host.networkMode, request.endpoints)
    let id = ContainerID.random()
    var record = ContainerRecord(
      id: id, name: try reserveName(name, for: id), createdAt: .now(), imageName: request.image, image: image,
      configuration: configuration, host: host)
    (record.places, record.mountedImages) = (places, mountedImages)
    let made = record
    try await surroundings.supervisor.finish { [self] in try await insert(made, with: volumes) }
    return (id, warnings)
  }

  private func validate(_ request: CreateRequest) async throws {
    try request.host.validate(on: surroundings.machine)
    try request.checkNetworkMode()
    _ = try runtimes.runtime(request.host.runtime)
    try request.configuration.validate()
    if try request.host.sizeLimit() != nil { try await surroundings.rootfs.requireLimits() }
    var host = request.host
    logDefaults.complete(&host)
    try LogDrivers.check(host.logDriver, host.logOptions)
    let mounts = request.host.mounts
    guard !mounts.isEmpty else { return }
    try await surroundings.threads.runIfActive { for mount in mounts { try mount.checkSource() } }
  }

  private func insert(_ record: ContainerRecord, with volumes: [ContainerVolume]) async throws {
    var record = record
    do {
      record.volumes = try await takeVolumes(volumes, for: record)
      try await surroundings.repository.insert(record, telling: [record.event("create")])
    } catch {
      await surroundings.giveBack(record.volumes, of: record.id, removing: true)
      index.release(record.name)
      throw error
    }
    index.insert(Container(record, surroundings), record)
  }

  private func reserveName(_ name: ContainerName?, for id: ContainerID) throws(ContainerError) -> ContainerName {
    if let name {
      try index.reserve(name, for: id)
      return name
    }
    var generator = SystemRandomNumberGenerator()
    for attempt in 0..<50 {
      let name = NameGenerator.name(attempt: attempt, using: &generator)
      do throws(ContainerError) {
        try index.reserve(name, for: id)
        return name
      } catch { continue }
    }
    let name = ContainerName(generated: id.text)
    try index.reserve(name, for: id)
    return name
  }
}

extension ContainerConfiguration {
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  func validate() throws(ContainerError) {
    if let stopSignal { _ = try Signal(stopSignal) }
    if !workingDirectory.isEmpty, !workingDirectory.hasPrefix("/") {
      throw .invalid("the working directory '\(workingDirectory)' is invalid, it needs to be an absolute path")
    }
    try Environment.check(environment)
    guard hostname.utf8.count <= 64, domainname.utf8.count <= 64 else {
      throw .invalid("invalid hostname: longer than 64 bytes")
    }
    try healthCheck?.validate()
    for text in [hostname, domainname, user, workingDirectory] + environment + arguments where text.contains("\0") {
      throw .invalid("a null byte in \"\(text.split(separator: "\0").first ?? "")…\"")
    }
  }
}
