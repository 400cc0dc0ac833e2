internal import Containers
internal import LinuxKernel
internal import Volumes

/// Gives containers their volumes.
struct VolumesForContainers: VolumeProvider {
  let volumes: VolumeService

  func use(_ volume: ContainerVolume, by id: ContainerID) async throws -> ContainerVolume {
    do {
      var volume = volume
      let made = try await volumes.make(volume.name, labels: volume.labels, isAnonymous: volume.isAnonymous)
      try await volumes.use(made.name, by: id.text)
      (volume.name, volume.source) = (made.name, volumes.path(made.name))
      return volume
    } catch VolumeError.invalid(let reason) {
      throw ContainerError.invalid(reason)
    } catch let error as VolumeError {
      throw ContainerError.conflict("\(error)")
    }
  }

  func restoreUse(of name: String, by id: ContainerID) async {
    // One that is gone: the container cannot be started, and says so.
    do { try await volumes.use(name, by: id.text) } catch {}
  }

  func release(_ name: String, by id: ContainerID) async { await volumes.release(name, by: id.text) }

  func remove(_ name: String) async throws {
    do { try await volumes.remove(name) } catch VolumeError.notFound {
      // Somebody was faster.
    } catch VolumeError.inUse {
      // It belongs to another container as well.
    }
  }

  func fill(
    _ name: String, for id: ContainerID,
    _ body: @escaping @Sendable (_ folder: borrowing FileDescriptor) throws -> Bool
  ) async throws { try await volumes.fill(name, for: id.text, body) }
}
