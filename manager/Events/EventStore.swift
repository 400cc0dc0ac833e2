/// Where events survive the daemon: a log of limited length, from which the oldest go. Implemented on the metadata database.
///
/// A place in it is a number that grows with every event, by as much as the event is long; it stays the event's own.
public protocol EventStore: Sendable {
  /// Adds events, in their order; they survive the death of the daemon when this returns.
  func append(_ events: [Event]) async throws

  /// The place behind the newest event.
  func end() async throws -> Int64

  /// Some of the oldest events behind `place` (`nil`: of all) that are in `times`; a limited amount.
  /// - Returns: `nil` if there are none.
  func events(after place: Int64?, in times: ClosedRange<Int64>) async throws -> EventPage?
}

/// Events that follow one another in the log.
public struct EventPage: Equatable, Sendable {
  /// Without those that could not be read.
  public var events: [Event]
  /// The place before the first one.
  public var begin: Int64
  /// The place behind the last one.
  public var end: Int64

  public init(events: [Event], begin: Int64, end: Int64) {
    self.events = events
    self.begin = begin
    self.end = end
  }
}

/// A client read so slowly that events were gone before it came to them.
public struct EventsLost: Error, Equatable, CustomStringConvertible {
  public var description: String { "events were removed from the log before the client had read them" }
}
