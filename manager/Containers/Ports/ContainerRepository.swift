/// Where container records survive the daemon. Implemented on the metadata database. What is told with a change is told if
/// the change is made, and only then.
public protocol ContainerRepository: Sendable {
  /// Adds a record and reserves its name, durably.
  /// - Throws: ``ContainerError/nameInUse(name:owner:)``.
  func insert(_ record: ContainerRecord, telling events: [ContainerEvent]) async throws

  /// Replaces a record.
  /// - Parameter durable: whether a power cut must not lose it; the death of the daemon never does.
  /// - Throws: ``ContainerError/nameInUse(name:owner:)``.
  func update(_ record: ContainerRecord, durable: Bool, telling events: [ContainerEvent]) async throws

  /// Removes a record and frees its name. One that is not there is fine. If a power cut brings it back, it is as it was last
  /// made durable, which is as being removed.
  func remove(_ id: ContainerID, telling events: [ContainerEvent]) async throws

  /// Every record that can be read, oldest first; the others are set aside and reported.
  func all() async throws -> [ContainerRecord]
}
