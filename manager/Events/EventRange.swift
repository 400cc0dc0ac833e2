/// Which events a client wants, by their times.
public struct EventRange: Equatable, Sendable {
  /// Nanoseconds since 1970, both included. Without `since`, there are those from now on, or with `until` all there are.
  public var since: Int64?
  public var until: Int64?

  public init(since: Int64? = nil, until: Int64? = nil) {
    self.since = since
    self.until = until
  }

  var includesPast: Bool { since != nil || until != nil }

  var times: ClosedRange<Int64> {
    let first = since ?? .min
    return first...max(first, until ?? .max)
  }
}
