public import LinuxKernel

/// Volumes for containers. Implemented on the volumes domain.
public protocol VolumeProvider: Sendable {
  /// The volume that is asked for, made if there is none; it stays as long as the container uses it.
  /// - Throws: ``ContainerError/invalid(_:)`` for a name that no volume can have.
  /// - Returns: with its name, and where its files are.
  func use(_ volume: ContainerVolume, by id: ContainerID) async throws -> ContainerVolume

  /// As ``use(_:by:)``, of a volume that an earlier daemon gave.
  func restoreUse(of name: String, by id: ContainerID) async

  /// The container uses it no more.
  func release(_ name: String, by id: ContainerID) async

  /// Removes a volume that nobody uses; any other stays, and one that is gone is fine.
  func remove(_ name: String) async throws

  /// Has `body` fill the volume if it is empty, for a container that uses it.
  /// - Parameter body: says whether there is anything that the volume is to have, be it its owner and mode.
  func fill(
    _ name: String, for id: ContainerID,
    _ body: @escaping @Sendable (_ folder: borrowing FileDescriptor) throws -> Bool
  ) async throws
}
