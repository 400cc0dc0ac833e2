/// Where events go that come with no change of a record. Implemented on the events domain.
public protocol EventRecorder: Sendable {
  /// They are told when this returns, and the next daemon knows of them; also if the calling task is cancelled.
  func record(_ events: [ContainerEvent]) async
}
