/// Root file systems of containers. Implemented on the snapshots domain.
public protocol RootfsProvider: Sendable {
  /// Mounts the container's root file system at `path`, which exists; makes its writable layer the first time.
  func mount(_ id: ContainerID, chainID: String, at path: String) async throws

  /// Unmounts `path`. Nothing mounted there is fine.
  func unmount(_ id: ContainerID, at path: String) async throws

  /// Removes the writable layer. None there is fine.
  func remove(_ id: ContainerID) async throws

  /// The driver's name, as `docker info` shows it.
  var driver: String { get }

  /// Bytes that the container has written; 0 if it was never mounted.
  func usage(_ id: ContainerID) async throws -> Int64

  /// Where the root file system's parts are.
  func place(_ id: ContainerID, chainID: String) async throws -> RootfsPlace
}

/// What a driver tells of a container's root file system: inspect's `GraphDriver`.
public struct RootfsPlace: Equatable, Sendable {
  public var driver: String
  /// Paths by the driver's names for them.
  public var data: [String: String]

  public init(driver: String, data: [String: String]) {
    self.driver = driver
    self.data = data
  }
}
