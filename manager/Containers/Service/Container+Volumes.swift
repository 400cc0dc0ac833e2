internal import LinuxKernel
internal import ShimProtocol

extension Container {
  /// Has the files of the container's volumes where the runtime will look for them.
  /// - Parameter isTold: whether there are events of it.
  func mountVolumes(isTold: Bool = true) async throws {
    guard !record.volumes.isEmpty else { return }
    for volume in record.volumes {
      try await surroundings.volumes.mount(volume.name, for: id)
      if isTold { await surroundings.events.record([volume.mountEvent(of: id)]) }
    }
    let (volumes, parts) = (record.volumes, VolumeParts(bundle))
    try await surroundings.threads.runIfActive { try parts.mount(volumes) }
  }

  /// Takes that back.
  func unmountVolumes(isTold: Bool = true) async throws {
    guard !record.volumes.isEmpty else { return }
    let parts = VolumeParts(bundle)
    try await surroundings.threads.runIfActive { try parts.unmount() }
    for volume in record.volumes where try await surroundings.volumes.unmount(volume.name, for: id) && isTold {
      await surroundings.events.record([volume.unmountEvent(of: id)])
    }
  }

  /// Runs `body` while the files of the volumes of a container that does not run are where those of one that runs are.
  func withVolumes<Value: Sendable>(_ body: (isolated Container) async throws -> Value) async throws -> Value {
    let result: Result<Value, any Error>
    do {
      try await mountVolumes(isTold: false)
      result = .success(try await body(self))
    } catch { result = .failure(error) }
    try await unmountVolumes(isTold: false)
    let parts = VolumeParts(bundle)
    try await surroundings.threads.runIfActive { try parts.removeFolders() }
    return try result.get()
  }
}

extension ContainerRecord {
  /// As they are mounted for a bundle.
  func volumes(in bundle: BundleLayout) -> [ContainerVolume] {
    volumes.enumerated().map { index, volume in
      guard !volume.subpath.isEmpty else { return volume }
      var part = volume
      part.source = VolumeParts(bundle).path(index)
      return part
    }
  }
}

/// Folders in volumes that a container has in place of the whole volume. Others may write to the volume meanwhile: the folder
/// is looked up once, inside of the volume, and is in the container whatever becomes of its name. Blocks.
struct VolumeParts {
  private let bundle: BundleLayout

  init(_ bundle: BundleLayout) { self.bundle = bundle }

  private var root: String { bundle.volumeParts }

  func path(_ index: Int) -> String { "\(root)/\(index)" }

  func mount(_ volumes: [ContainerVolume]) throws {
    for (index, volume) in volumes.enumerated() where !volume.subpath.isEmpty {
      let part = try open(volume)
      let isFolder = try part.status().kind == .directory
      try Directory.make(isFolder ? path(index) : root, mode: 0o700)
      if !isFolder { _ = try FileDescriptor.open(path(index), [.writeOnly, .create]) }
      let place = try FileDescriptor.open(path(index), [.pathOnly, .noFollow])
      try part.cloneMount(recursive: true).attachMount(to: place)
    }
  }

  private func open(_ volume: ContainerVolume) throws -> FileDescriptor {
    let whole = try FileDescriptor.open(volume.source, [.pathOnly, .directory])
    do throws(SyscallError) {
      return try whole.open(at: volume.subpath, [.pathOnly], resolve: [.beneath, .noMagicLinks])
    } catch {
      let place = "\(volume.source)/\(volume.subpath)"
      guard error.errno != .crossDevice else {
        throw ContainerError.invalid("cannot access path \(place): it leads out of volume \(volume.name)")
      }
      throw ContainerError.invalid("cannot access path \(place): \(error.errno)")
    }
  }

  /// What is not there is fine.
  func unmount() throws {
    for name in try names() {
      do throws(SyscallError) { try Mounts.detach("\(root)/\(name)") } catch {
        guard error.errno == .invalid else { throw error }
      }
    }
    try checkGone()
  }

  /// Removes the mount points, which goes only when nothing is mounted there: what is below belongs to a volume.
  func checkGone() throws {
    for name in try names() {
      let path = "\(root)/\(name)"
      if try FileStatus.of(path)?.kind == .directory {
        try Directory.removeEmpty(path)
      } else {
        try Directory.removeTree(path)
      }
    }
  }

  /// Removes the folders that were made for them.
  func removeFolders() throws(SyscallError) {
    try Directory.removeEmpty(root)
    do throws(SyscallError) { try Directory.removeEmpty(bundle.path) } catch {
      // What a run has left there goes when that is taken down.
      guard error.errno == .notEmpty else { throw error }
    }
  }

  private func names() throws -> [String] {
    try FileStatus.of(root) == nil ? [] : Directory.names(root)
  }
}
