internal import NIOPosix

extension VolumeService {
  /// The container runs with the volume from now on: what belongs in its folder is mounted there.
  /// - Throws: ``VolumeError/notFound(_:)``, ``VolumeError/failed(_:)`` and ``VolumeError/unresolved(host:path:reason:)`` in
  ///   Docker's words.
  public func mount(_ name: String, for container: String) async throws {
    let mount = try volume(name).parsed.mount
    try await inTurn(name) { service in
      try await service.mountNow(name, mount)
      await service.begin(name, container)
    }
  }

  /// The container runs no more. One that did not run with it is fine.
  /// - Returns: whether it did.
  @discardableResult
  public func unmount(_ name: String, for container: String) async throws -> Bool {
    let ran = mounted[name]?.contains(container) ?? false
    try await inTurn(name) { service in
      await service.end(name, container)
      try await service.unmountUnused(name)
    }
    return ran
  }

  /// As ``mount(_:for:)``, of a container that an earlier daemon has started.
  public func restoreMount(_ name: String, for container: String) { begin(name, container) }

  /// Takes off what an earlier daemon has mounted and nobody uses. To be called when it is known who runs.
  public func settleMounts() async {
    for volume in all where mounted[volume.name] == nil {
      do { try await inTurn(volume.name) { try await $0.unmountUnused(volume.name) } } catch {
        log.error("cannot unmount a volume", metadata: ["volume": "\(volume.name)", "error": "\(error)"])
      }
    }
  }

  // MARK: - In turn

  /// Runs `body` when whatever is done to this volume's folder is over.
  func inTurn(_ name: String, _ body: @escaping @Sendable (VolumeService) async throws -> Void) async throws {
    let previous = turns[name]
    let task = Task {
      // Its failure is told to whoever wanted it.
      _ = await previous?.result
      try await body(self)
    }
    turns[name] = task
    defer { if turns[name] == task { turns[name] = nil } }
    try await task.value
  }

  private func begin(_ name: String, _ container: String) { mounted[name, default: []].insert(container) }

  private func end(_ name: String, _ container: String) {
    mounted[name]?.remove(container)
    if mounted[name]?.isEmpty == true { mounted[name] = nil }
  }

  func mountNow(_ name: String, _ mount: VolumeMount?) async throws {
    guard let mount, mounted[name] == nil else { return }
    let path = path(name)
    let addressed = try await addressed(mount, path)
    // A server that does not answer holds its thread for minutes, which is to be none of those that everybody shares.
    try await NIOThreadPool.singleton.runIfActive {
      // What a daemon left that was killed before it knew who uses it.
      try VolumeMount.unmount(path)
      try addressed.mount(at: path)
    }
  }

  /// With an address in place of a server's name: it may be another one each time.
  private func addressed(_ mount: VolumeMount, _ path: String) async throws -> VolumeMount {
    guard let host = mount.server else { return mount }
    do { return try mount.reaching(try await resolver.address(of: host)) } catch let error as HostResolver.Failure {
      throw VolumeError.unresolved(host: host, path: path, reason: error.reason)
    }
  }

  func unmountUnused(_ name: String) async throws {
    guard mounted[name] == nil, try volumes[name]?.parsed.mount != nil else { return }
    let path = path(name)
    try await threads.runIfActive { try VolumeMount.unmount(path) }
  }
}
