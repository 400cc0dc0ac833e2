internal import Glibc

/// A moment on the command line, as the daemon wants it: seconds since 1970, with decimals.
enum Moment {
  /// - Parameter text: a length of time back from now, `10m`; a date, `2013-01-02T13:23:37.5Z`, from which everything after
  ///   the day may be missing, in the client's time zone if it names none; everything else is for the daemon to read.
  static func parse(_ text: String?) -> String? {
    guard let text, !text.isEmpty, text != "0" else { return text }
    if let ago = GoDuration(text) {
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      return print(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - ago.nanoseconds)
    }
    return date(text).map(print) ?? text
  }

  private static func print(_ nanoseconds: Int64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: max(0, 9 - fraction.count)) + fraction
  }

  private static func date(_ text: String) -> Int64? {
    let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard var parts = day(halves[0]) else { return nil }
    var rest = Substring()
    if halves.count > 1 {
      let clock = halves[1].prefix { $0.isASCII && $0.isNumber || $0 == ":" }
      guard let time = numbers(clock, ":", widths: [2, 2, 2]) else { return nil }
      (parts.tm_hour, parts.tm_min, parts.tm_sec) = (
        time[0], time.count > 1 ? time[1] : 0, time.count > 2 ? time[2] : 0
      )
      rest = halves[1][clock.endIndex...]
    }
    guard parts.tm_hour < 24, parts.tm_min < 60, parts.tm_sec < 61, let (fraction, offset) = tail(rest) else {
      return nil
    }
    parts.tm_isdst = -1
    let seconds = offset.map { Int64(timegm(&parts)) - $0 } ?? Int64(mktime(&parts))
    guard seconds > 0, seconds < 9_000_000_000 else { return nil }
    return seconds * 1_000_000_000 + fraction
  }

  private static func day(_ text: Substring) -> tm? {
    guard let date = numbers(text, "-", widths: [4, 2, 2]), date.count == 3, (1...12).contains(date[1]),
      (1...31).contains(date[2])
    else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (date[0] - 1900, date[1] - 1, date[2])
    return parts
  }

  /// Numbers with so many digits each, of which the last may be missing.
  private static func numbers(_ text: Substring, _ separator: Character, widths: [Int]) -> [Int32]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count <= widths.count, zip(parts, widths).allSatisfy({ $0.count == $1 }) else { return nil }
    let numbers = parts.compactMap { Int32($0) }
    return numbers.count == parts.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
  }

  /// What follows the parts of a date: decimals and a time zone, `.5+02:00`; both may be missing.
  private static func tail(_ text: Substring) -> (fraction: Int64, offset: Int64?)? {
    var (rest, fraction) = (text, Int64(0))
    if rest.first == "." {
      let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty else { return nil }
      fraction = Int64((digits + "000000000").prefix(9)) ?? 0
      rest = rest.dropFirst(digits.count + 1)
    }
    switch rest.first {
    case nil: return (fraction, nil)
    case "Z": return rest.count == 1 ? (fraction, 0) : nil
    case "+", "-":
      let parts = rest.dropFirst().split(separator: ":").compactMap { Int64($0) }
      guard parts.count == 2, rest.count == 6, parts[0] < 24, parts[1] < 60 else { return nil }
      return (fraction, (parts[0] * 3600 + parts[1] * 60) * (rest.first == "-" ? -1 : 1))
    default: return nil
    }
  }
}
