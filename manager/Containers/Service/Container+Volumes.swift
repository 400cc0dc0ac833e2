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
    try await surroundings.threads.runIfActive { try parts.folder.unmount() }
    for volume in record.volumes where try await surroundings.volumes.unmount(volume.name, for: id) && isTold {
      await surroundings.events.record([volume.unmountEvent(of: id)])
    }
  }
}

extension ContainerRecord {
  /// As they are mounted for a bundle.
  func volumes(in bundle: BundleLayout) -> [ContainerVolume] {
    volumes.enumerated().map { index, volume in
      guard !volume.subpath.isEmpty else { return volume }
      var part = volume
      part.source = VolumeParts(bundle).folder.place("\(index)")
      return part
    }
  }
}

/// Folders in volumes that a container has in place of the whole volume. Others may write to the volume meanwhile: the folder
/// is looked up once, inside of the volume, and is in the container whatever becomes of its name. Blocks.
struct VolumeParts {
  let folder: MountFolder

  init(_ bundle: BundleLayout) { folder = MountFolder(path: bundle.volumeParts) }

  func mount(_ volumes: [ContainerVolume]) throws {
    for (index, volume) in volumes.enumerated() where !volume.subpath.isEmpty {
      try folder.attach(try open(volume), as: "\(index)")
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
}
