internal import Glibc

/// A moment up to which a condition may be polled.
public struct Deadline: Sendable {
  /// On `CLOCK_MONOTONIC`, in milliseconds.
  private let moment: Int64

  /// The moment `milliseconds` from now.
  public init(afterMilliseconds milliseconds: Int64) { moment = Self.now + milliseconds }

  /// What is left in milliseconds, 0 when it has passed.
  public var remaining: Int64 { max(0, moment - Self.now) }

  public var hasPassed: Bool { remaining == 0 }

  /// Lets others run for `milliseconds`, at most until the deadline, before the condition is looked at again.
  public func pause(milliseconds: Int64) {
    _ = poll(nil, 0, Int32(clamping: min(milliseconds, remaining)))
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
