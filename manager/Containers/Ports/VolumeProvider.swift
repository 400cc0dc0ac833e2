public import LinuxKernel

/// Volumes for containers. Implemented on the volumes domain.
public protocol VolumeProvider: Sendable {
  /// The volume that is asked for, made if there is none; it stays as long as the container uses it.
  /// - Throws: ``ContainerError/invalid(_:)`` for a name that no volume can have.
  /// - Returns: with its name, and where its files are.
  func use(_ volume: ContainerVolume, by id: ContainerID) async throws -> ContainerVolume

  /// As ``use(_:by:)``, of a volume that an earlier daemon gave.
  /// - Parameter isRunning: as after ``mount(_:for:)``.
  func restoreUse(of name: String, by id: ContainerID, isRunning: Bool) async

  /// The container is about to run: the volume's files are where it was told that they are.
  /// - Throws: ``ContainerError/failed(_:)``
  func mount(_ name: String, for id: ContainerID) async throws

  /// The container runs no more.
  /// - Returns: whether it had the volume mounted until now.
  func unmount(_ name: String, for id: ContainerID) async throws -> Bool

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
