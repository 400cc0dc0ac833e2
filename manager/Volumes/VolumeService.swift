public import LinuxKernel
public import Logging
public import NIOPosix

/// Puts files into the folder of an empty volume. Blocks.
/// - Returns: whether there is anything that the volume is to have, be it its owner and mode.
public typealias VolumeFilling = @Sendable (_ folder: borrowing FileDescriptor) throws -> Bool

/// The volumes of one daemon, and which containers use them.
public actor VolumeService {
  let store: any VolumeStore
  let folders: VolumeFolders
  let threads: NIOThreadPool
  let log: Logger
  let resolver: HostResolver
  private let measure: @Sendable (_ folder: String) throws -> Int64
  private let now: @Sendable () -> Int64

  private(set) var volumes: [String: Volume] = [:]
  /// Those that are being made: whoever wants one of them as well waits for it.
  private var making: [String: Task<Volume, any Error>] = [:]
  /// Those that are being removed.
  private var removing: [String: Task<Void, any Error>] = [:]
  /// The latest that is done to a volume's folder: one after the other.
  var turns: [String: Task<Void, any Error>] = [:]
  /// Identifiers of the containers that run with a volume, by its name.
  var mounted: [String: Set<String>] = [:]
  /// Identifiers of containers by the name of a volume.
  private var users: [String: Set<String>] = [:]

  /// - Parameter folder: of the volumes' files, an absolute path.
  /// - Parameter resolver: finds servers that volumes are mounted from.
  /// - Parameter measure: bytes of the files below a directory.
  /// - Parameter now: nanoseconds since 1970.
  public init(
    store: any VolumeStore, folder: String, threads: NIOThreadPool, log: Logger,
    resolver: HostResolver = HostResolver(), measure: @escaping @Sendable (_ folder: String) throws -> Int64,
    now: @escaping @Sendable () -> Int64
  ) {
    (self.store, self.threads, self.log, self.measure, self.now) = (store, threads, log, measure, now)
    self.resolver = resolver
    folders = VolumeFolders(root: folder)
  }

  /// Reads what the last daemon left. To be called before anything else. Files without a record are a volume as well: the
  /// database was lost, and they were not.
  public func restore() async throws {
    let known = try await store.all()
    let names = Set(known.map(\.name))
    // One with options that cannot be read any more is not made anew.
    let options = Dictionary(
      uniqueKeysWithValues: known.compactMap { volume in (try? volume.parsed).map { (volume.name, $0) } })
    let strays = try await threads.runIfActive { [folders] in try folders.recover(known: names, options) }
    volumes = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
    for name in strays {
      do { _ = try await make(name, labels: [:], isAnonymous: false) } catch {
        log.error("files that are no volume", metadata: ["path": "\(folders.root)/\(name)", "reason": "\(error)"])
      }
    }
  }

  // MARK: - Making and finding

  /// The volume `name`, made if there is none.
  /// - Parameter name: empty for a name of the service's making.
  /// - Parameter options: of the driver; one that is there keeps its own.
  public func make(
    _ name: String, labels: [String: String], options: [String: String] = [:], isAnonymous: Bool
  ) async throws -> Volume {
    let name = name.isEmpty ? VolumeName.random() : name
    try VolumeName.check(name)
    let parsed = try Self.check(options, of: name)
    if parsed.limit != nil { try await requireLimits(for: name) }
    if removing[name] != nil { throw VolumeError.conflict("create \(name): the volume is being removed") }
    if let volume = volumes[name] { return volume }
    if let task = making[name] { return try await task.value }
    let volume = Volume(
      name: name, createdAt: now(), labels: labels, options: options, isAnonymous: isAnonymous)
    // Not ended with whoever asked for it: others may wait for it.
    let task = Task { [folders, store, threads] in
      defer { making[name] = nil }
      try await threads.runIfActive { try folders.make(name, parsed.owner, limit: parsed.limit) }
      try await store.insert(volume)
      volumes[name] = volume
      return volume
    }
    making[name] = task
    return try await task.value
  }

  /// As ``make(_:labels:options:isAnonymous:)``, for a container that uses it from now on; whoever is removing it is waited for.
  public func make(
    _ name: String, labels: [String: String], options: [String: String] = [:], isAnonymous: Bool,
    for container: String
  ) async throws -> Volume {
    let name = name.isEmpty ? VolumeName.random() : name
    // Before anything is waited for: nobody else begins to remove it then.
    users[name, default: []].insert(container)
    do {
      while let removal = removing[name] { _ = await removal.result }
      return try await make(name, labels: labels, options: options, isAnonymous: isAnonymous)
    } catch {
      release(name, by: container)
      throw error
    }
  }

  private func requireLimits(for name: String) async throws {
    guard try await !threads.runIfActive({ [folders] in try folders.keepsLimits() }) else { return }
    throw VolumeError.invalid("create \(name): quota size requested but no quota support")
  }

  private static func check(
    _ options: [String: String], of name: String
  ) throws(VolumeError) -> VolumeOptions {
    do throws(VolumeError) { return try VolumeOptions(options) } catch { throw .invalid("create \(name): \(error)") }
  }

  /// - Throws: ``VolumeError/notFound(_:)``.
  public func volume(_ name: String) throws(VolumeError) -> Volume {
    guard let volume = volumes[name], removing[name] == nil else { throw .notFound(name) }
    return volume
  }

  /// By name.
  public var all: [Volume] { volumes.values.filter { removing[$0.name] == nil }.sorted { $0.name < $1.name } }

  /// Where its files are.
  public nonisolated func path(_ name: String) -> String { folders.data(name) }

  /// Bytes of its files.
  public func size(_ name: String) async throws -> Int64 {
    let path = folders.data(name)
    return try await threads.runIfActive { [measure] in try measure(path) }
  }

  /// Has `body` fill the volume if it is empty, for a container that uses it. What is killed in between has filled nothing,
  /// unless other containers use it already.
  public func fill(_ name: String, for container: String, _ body: @escaping VolumeFilling) async throws {
    let options = try volume(name).parsed
    try await inTurn(name) { service in
      let isMounted = await service.users(of: name) != [container] || options.mount != nil
      try await service.mountNow(name, options.mount)
      do {
        try await service.threads.runIfActive { [folders = service.folders] in
          try folders.fill(name, isMounted: isMounted, options.owner, body)
        }
      } catch {
        try await service.unmountUnused(name)
        throw error
      }
      try await service.unmountUnused(name)
    }
  }

  // MARK: - Use

  /// Identifiers of the containers that have it.
  public func users(of name: String) -> [String] { users[name, default: []].sorted() }

  /// The container uses the volume from now on; nobody can remove it.
  /// - Throws: ``VolumeError/notFound(_:)``.
  public func use(_ name: String, by container: String) throws(VolumeError) {
    _ = try volume(name)
    users[name, default: []].insert(container)
  }

  /// The container uses it no more.
  public func release(_ name: String, by container: String) {
    users[name]?.remove(container)
    if users[name]?.isEmpty == true { users[name] = nil }
  }

  // MARK: - Removing

  /// Removes the volume and its files.
  /// - Throws: ``VolumeError/notFound(_:)``, ``VolumeError/inUse(name:containers:)``; it is there as before then.
  public func remove(_ name: String) async throws {
    let volume = try volume(name)
    guard users[name] == nil else { throw VolumeError.inUse(name: name, containers: users(of: name)) }
    // Not ended with whoever asked for it: others may wait for it.
    let task = Task { try await removeNow(volume) }
    removing[name] = task
    try await task.value
  }

  private func removeNow(_ volume: Volume) async throws {
    let name = volume.name
    defer { removing[name] = nil }
    try await threads.runIfActive { [folders] in try folders.hide(name) }
    do { try await store.remove(volume) } catch {
      try await threads.runIfActive { [folders] in try folders.takeBack(name) }
      throw error
    }
    volumes[name] = nil
    try await threads.runIfActive { [folders] in try folders.removeHidden(name) }
  }

  /// Removes those that no container uses and that `takes` lets go.
  /// - Returns: their names, and how many bytes their files had. What a container uses by now, or cannot be removed, is left out.
  public func prune(_ takes: @Sendable (Volume) -> Bool) async throws -> (names: [String], reclaimed: Int64) {
    var (names, reclaimed): ([String], Int64) = ([], 0)
    for volume in all where users[volume.name] == nil && takes(volume) {
      try Task.checkCancellation()
      do {
        let size = try await size(volume.name)
        try await remove(volume.name)
        names.append(volume.name)
        reclaimed += size
      } catch {
        log.warning("not pruned", metadata: ["volume": "\(volume.name)", "error": "\(error)"])
      }
    }
    await store.pruned(reclaimed: reclaimed)
    return (names, reclaimed)
  }
}
