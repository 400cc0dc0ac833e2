/// Where volumes survive the daemon. Implemented on the metadata database. What is told with a change is told if the change
/// is made, and only then.
public protocol VolumeStore: Sendable {
  /// Adds it, durably, and tells of it.
  func insert(_ volume: Volume) async throws
  /// Removes it, durably, and tells of it. One that is not there is fine.
  func remove(_ volume: Volume) async throws
  /// Every one that can be read; the others are set aside and reported.
  func all() async throws -> [Volume]
  /// Tells that a prune has ended.
  /// - Parameter reclaimed: bytes.
  func pruned(reclaimed: Int64) async
}
