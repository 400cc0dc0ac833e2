internal import Glibc

/// A moment of the wall clock in nanoseconds since 1970, UTC.
public struct WallTime: Equatable, Sendable {
  public var seconds: Int64
  public var nanoseconds: Int64

  public init(seconds: Int64, nanoseconds: Int64) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  public static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}

/// A moment of the clock that nobody sets, in milliseconds since some start.
public struct MonotonicTime: Comparable, Sendable {
  public var milliseconds: Int64

  public static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.milliseconds < right.milliseconds }

  public static func + (time: MonotonicTime, milliseconds: Int64) -> MonotonicTime {
    MonotonicTime(milliseconds: time.milliseconds + milliseconds)
  }
}
