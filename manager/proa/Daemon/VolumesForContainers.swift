internal import Containers
internal import LinuxKernel
internal import Volumes

/// Gives containers their volumes.
struct VolumesForContainers: VolumeProvider {
  let volumes: VolumeService

  func use(_ volume: ContainerVolume, by id: ContainerID) async throws -> ContainerVolume {
    do {
      var volume = volume
      let made = try await volumes.make(
        volume.name, labels: volume.labels, options: volume.options, isAnonymous: volume.isAnonymous, for: id.text)
      (volume.name, volume.source) = (made.name, volumes.path(made.name))
      return volume
    } catch VolumeError.invalid(let reason) {
      throw ContainerError.invalid(reason)
    } catch let error as VolumeError {
      throw ContainerError.conflict("\(error)")
    }
  }

  func restoreUse(of name: String, by id: ContainerID, isRunning: Bool) async {
    // One that is gone: the container cannot be started, and says so.
    do { try await volumes.use(name, by: id.text) } catch { return }
    if isRunning { await volumes.restoreMount(name, for: id.text) }
  }

  func mount(_ name: String, for id: ContainerID) async throws {
    do { try await volumes.mount(name, for: id.text) } catch let error as VolumeError {
      throw ContainerError.failed("\(error)")
    }
  }

  func unmount(_ name: String, for id: ContainerID) async throws -> Bool {
    try await volumes.unmount(name, for: id.text)
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
