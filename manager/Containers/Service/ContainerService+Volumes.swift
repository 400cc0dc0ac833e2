internal import LinuxKernel
internal import Tar

extension ContainerService {
  /// The container's volumes, with the image's files where they are empty. When it throws, the container uses none.
  func takeVolumes(_ wanted: [ContainerVolume], for record: ContainerRecord) async throws -> [ContainerVolume] {
    var taken: [ContainerVolume] = []
    do {
      for volume in wanted { taken.append(try await surroundings.volumes.use(volume, by: record.id)) }
      try await fill(taken.filter(\.copies), of: record)
      return taken
    } catch {
      await surroundings.giveBack(taken, of: record.id, removing: true)
      throw error
    }
  }

  private func fill(_ volumes: [ContainerVolume], of record: ContainerRecord) async throws {
    guard !volumes.isEmpty else { return }
    let request = RootfsViewRequest(source: .new, folder: paths.views)
    let view = try await surroundings.rootfs.view(record.id, chainID: record.chainID, request)
    for volume in volumes {
      let content = VolumeContent(target: volume.target, view: view, ids: try volume.bind.ids())
      guard try await surroundings.threads.runIfActive({ try content.isThere }) else { continue }
      try await surroundings.volumes.fill(volume.name, for: record.id) { folder in try content.copy(to: folder) }
    }
  }
}

extension ContainerSurroundings {
  /// - Parameter removing: whether those that nobody named go with the container.
  func giveBack(_ volumes: [ContainerVolume], of id: ContainerID, removing: Bool) async {
    for volume in volumes {
      await self.volumes.release(volume.name, by: id)
      guard removing, volume.isAnonymous else { continue }
      do { try await self.volumes.remove(volume.name) } catch {
        // It is still there, and told of.
        logger.warning("cannot remove a volume", metadata: ["volume": "\(volume.name)", "error": "\(error)"])
      }
    }
  }
}

/// What an image has where a volume is to be mounted. Blocks.
private struct VolumeContent: Sendable {
  let target: String
  let view: RootfsView
  /// How the container sees the volume's owners; `nil`: as they are.
  let ids: IDMap?

  /// Whether the image has a folder there.
  var isThere: Bool {
    get throws {
      do throws(SyscallError) { _ = try open() } catch {
        guard [.noEntry, .notDirectory].contains(error.errno) else { throw error }
        return false
      }
      return true
    }
  }

  private func open() throws(SyscallError) -> FileDescriptor {
    try view.root.open(at: ".\(target)", [.readOnly, .directory], resolve: [.inRoot, .noMagicLinks])
  }

  /// Copies owners, modes and everything else that an archive can tell. Owners are those that the container will see.
  /// - Returns: whether there is anything to have, be it owner and mode: always.
  func copy(to folder: borrowing FileDescriptor) throws -> Bool {
    let source = try open()
    let status = try source.status()
    var options = TreeUnpacker.Options()
    if let ids { options.ownership = .shown(by: ids) }
    let unpacker = try TreeUnpacker(root: try folder.duplicate(), top: try folder.duplicate(), place: [], options)
    try unpacker.unpack(TarReader(TreeArchiveSource(try TreeArchive(of: source, named: nil))))
    try folder.setOwner(
      ids?.users.stored(status.owner) ?? status.owner, ids?.groups.stored(status.group) ?? status.group)
    try folder.setMode(status.permissions)
    return true
  }
}
