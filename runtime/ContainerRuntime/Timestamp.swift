internal import Glibc

/// A moment as RFC 3339 writes it, in UTC with nanoseconds.
package struct Timestamp: Equatable, CustomStringConvertible {
  package let description: String

  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// - Parameters:
  ///   - seconds: since 1970.
  ///   - nanoseconds: `nil` leaves the fraction away.
  package init(seconds: Int, nanoseconds: Int?) {
    // Not gmtime: it reads the zone of the host first.
    let date = Self.date(ofDay: seconds / 86_400)
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    let day = "\(Self.digits(date.year, 4))-\(Self.digits(date.month, 2))-\(Self.digits(date.day, 2))"
    let clock = "\(Self.digits(hour, 2)):\(Self.digits(minute, 2)):\(Self.digits(second, 2))"
    description = "\(day)T\(clock)\(nanoseconds.map { "." + Self.digits($0, 9) } ?? "")Z"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  /// The Gregorian date of a day since 1970, counted in years that start in March, so that leap days are at their ends.
  private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let isNextYear = month >= 10
    return (yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, dayOfMonth)
  }
}

extension Timestamp {
  /// Now, to the second.
  package static func nowInSeconds() -> Timestamp { Timestamp(seconds: time(nil), nanoseconds: nil) }
}
