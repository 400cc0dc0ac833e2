internal import Glibc

/// A moment as RFC 3339 writes it, in UTC with nanoseconds.
package struct Timestamp: Equatable, CustomStringConvertible {
  package let description: String

  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// - Parameter nanoseconds: `nil` leaves the fraction away.
  package init(seconds: Int, nanoseconds: Int?) {
    var (time, parts) = (time_t(seconds), tm())
    gmtime_r(&time, &parts)
    func digits(_ number: some BinaryInteger, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let date = "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    let clock = "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
    description = "\(date)T\(clock)\(nanoseconds.map { "." + digits($0, 9) } ?? "")Z"
  }

  /// A moment that was written before; taken as it is.
  init(written text: String) { description = text }
}

extension Timestamp {
  /// Now, to the second.
  package static func nowInSeconds() -> Timestamp { Timestamp(seconds: time(nil), nanoseconds: nil) }
}
