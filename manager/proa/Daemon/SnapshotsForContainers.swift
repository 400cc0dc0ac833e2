internal import Containers
internal import NIOPosix
internal import OCIImageSpec
internal import Snapshots

/// Gives containers their root file systems.
struct SnapshotsForContainers<Driver: Snapshotter>: RootfsProvider {
  let snapshotter: Driver
  let threads: NIOThreadPool

  func mount(_ id: ContainerID, chainID: String, at path: String) async throws {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    try await threads.runIfActive { try snapshotter.mountContainer(id.text, on: chain, at: path) }
  }

  func unmount(_ id: ContainerID, at path: String) async throws {
    try await threads.runIfActive { try snapshotter.unmountContainer(id.text, at: path) }
  }

  func remove(_ id: ContainerID) async throws {
    try await threads.runIfActive { try snapshotter.removeContainer(id.text) }
  }

  var driver: String { snapshotter.name }

  func usage(_ id: ContainerID) async throws -> Int64 {
    try await threads.runIfActive {
      do { return try snapshotter.containerUsage(id.text).size } catch SnapshotError.containerNotFound { return 0 }
    }
  }

  func place(_ id: ContainerID, chainID: String) async throws -> RootfsPlace {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    let place = try await threads.runIfActive { try snapshotter.containerPlace(id.text, on: chain) }
    let data = ["LowerDir": place.lower.joined(separator: ":"), "UpperDir": place.upper, "WorkDir": place.work]
    return RootfsPlace(driver: driver, data: data)
  }
}
