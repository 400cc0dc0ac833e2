internal import Glibc
internal import Synchronization

/// The value of `Date` (RFC 9110 §5.6.7), made once a second.
final class DateHeader: Sendable {
  private let last = Mutex((second: Int.min, text: ""))

  /// For now.
  func value() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    return value(at: now.tv_sec)
  }

  /// - Parameter second: since 1970.
  func value(at second: Int) -> String {
    last.withLock { last in
      if last.second != second { last = (second, Self.text(second)) }
      return last.text
    }
  }

  private static func text(_ second: Int) -> String {
    var (second, parts) = (second, tm())
    gmtime_r(&second, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
