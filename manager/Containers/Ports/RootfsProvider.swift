/// Root file systems of containers. Implemented on the snapshots domain.
public protocol RootfsProvider: Sendable {
  /// Mounts the container's root file system at `path`, which exists; makes its writable layer the first time.
  func mount(_ id: ContainerID, chainID: String, at path: String) async throws

  /// Unmounts `path`. Nothing mounted there is fine.
  func unmount(_ id: ContainerID, at path: String) async throws

  /// Removes the writable layer. None there is fine.
  func remove(_ id: ContainerID) async throws
}
