internal import LinuxKernel

/// RFC 3339 in UTC, without a time zone database.
enum Timestamp {
  enum Fraction {
    /// Nine digits, always.
    case nanoseconds
    /// Go's `time.RFC3339Nano`: no zeros at the end, no point if nothing is left.
    case trimmed
  }

  /// `2024-01-02T03:04:05.123456789Z`
  static func text(_ time: WallTime, _ fraction: Fraction) -> [UInt8] {
    let (days, second) = time.seconds.flooredDivision(by: 86_400)
    let date = civil(daysSince1970: days)
    var text: [UInt8] = []
    append(date.year, 4, to: &text)
    append(date.month, 2, after: "-", to: &text)
    append(date.day, 2, after: "-", to: &text)
    append(second / 3600, 2, after: "T", to: &text)
    append(second / 60 % 60, 2, after: ":", to: &text)
    append(second % 60, 2, after: ":", to: &text)
    append(time.nanoseconds, 9, after: ".", to: &text)
    if fraction == .trimmed {
      while text.last == UInt8(ascii: "0") { text.removeLast() }
      if text.last == UInt8(ascii: ".") { text.removeLast() }
    }
    text.append(UInt8(ascii: "Z"))
    return text
  }

  private static func append(
    _ number: Int64, _ digits: Int, after prefix: Unicode.Scalar? = nil, to text: inout [UInt8]
  ) {
    if let prefix { text.append(UInt8(ascii: prefix)) }
    let start = text.count
    var rest = number
    for _ in 0..<digits {
      text.insert(UInt8(ascii: "0") + UInt8(rest % 10), at: start)
      rest /= 10
    }
  }

  /// The Gregorian date. Counts in eras of 400 years that start on 1 March, so that a leap day ends its year.
  private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}

extension Int64 {
  /// Quotient and remainder where the remainder is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
    let remainder = (self % divisor + divisor) % divisor
    return ((self - remainder) / divisor, remainder)
  }
}
