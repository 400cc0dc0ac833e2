internal import Glibc
public import JSON

/// A moment in nanoseconds since 1970, UTC; written as RFC 3339 with nine digits of a second.
public struct Timestamp: Hashable, Sendable, Comparable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Whole seconds, rounded down.
  public var seconds: Int64 { Self.floorDivide(nanoseconds, 1_000_000_000) }

  static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

extension Timestamp: CustomStringConvertible {
  /// `2024-01-02T03:04:05.123456789Z`
  public var description: String {
    let days = Self.floorDivide(seconds, 86_400)
    let (year, month, day) = Self.civil(daysSince1970: days)
    let time = seconds - days * 86_400
    let fraction = nanoseconds - seconds * 1_000_000_000
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(time / 3600, 2)):\(pad(time / 60 % 60, 2)):"
      + "\(pad(time % 60, 2)).\(pad(fraction, 9))Z"
  }

  private func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// The date in the proleptic Gregorian calendar; years are counted from March so that leap days come last.
  private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  fileprivate static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Timestamp {
  /// Reads RFC 3339 with any number of digits of a second and `Z` or an offset; `nil` if `text` is something else.
  public init?(_ text: some StringProtocol) { self.init(utf8: Array(text.utf8)[...]) }

  init?(utf8 text: ArraySlice<UInt8>) {
    var scanner = DigitScanner(text)
    guard let year = scanner.digits(4), scanner.accept("-"), let month = scanner.digits(2), scanner.accept("-"),
      let day = scanner.digits(2), scanner.accept("T") || scanner.accept("t") || scanner.accept(" "),
      let hour = scanner.digits(2), scanner.accept(":"), let minute = scanner.digits(2), scanner.accept(":"),
      let second = scanner.digits(2), let fraction = scanner.fraction(), let offset = scanner.offset(),
      scanner.isAtEnd, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
      (1677...2262).contains(year)
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, scaled <= Int64.max - fraction else { return nil }
    nanoseconds = scaled + fraction
  }
}

extension Timestamp: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    guard let time = Timestamp(text) else { throw JSONError(.invalid("\"\(text)\" is not an RFC 3339 time")) }
    self = time
  }

  public func write(to writer: inout JSONWriter) { description.write(to: &writer) }
}
