public import JSON

/// A moment as images state it: RFC 3339, as Go reads it.
public struct ImageTime: Comparable, Sendable {
  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64
  public var nanoseconds: Int64

  /// Of what states none: before all others.
  public static let unknown = ImageTime(seconds: .min, nanoseconds: 0)

  private init(seconds: Int64, nanoseconds: Int64) { (self.seconds, self.nanoseconds) = (seconds, nanoseconds) }

  public static func < (left: ImageTime, right: ImageTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// `2026-01-02T03:04:05Z`, with any number of digits of a second, and an offset in place of `Z`; nil for anything else.
  public init?(_ text: String) {
    var scanner = TimeScanner(rest: Array(text.utf8)[...])
    guard let year = scanner.number(4), scanner.accept("-"), let month = scanner.number(2), scanner.accept("-"),
      let day = scanner.number(2), scanner.accept("T"), let hour = scanner.number(2), scanner.accept(":"),
      let minute = scanner.number(2), scanner.accept(":"), let second = scanner.number(2),
      let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.rest.isEmpty,
      (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    seconds = Self.days(to: year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    nanoseconds = fraction
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970 on; years are counted from March so that leap days come last.
  private static func days(to year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // Four hundred years more, so that nothing is negative.
    let year = year + (month <= 2 ? 399 : 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468 - 146_097
  }
}

private struct TimeScanner {
  var rest: ArraySlice<UInt8>

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
    rest.removeFirst()
    return Int64(byte) - 0x30
  }

  mutating func number(_ count: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Nanoseconds; 0 if there is no point. What is smaller is not kept.
  mutating func fraction() -> Int64? {
    guard accept(".") else { return 0 }
    var (nanoseconds, unit, count): (Int64, Int64, Int) = (0, 100_000_000, 0)
    while let digit = digit() {
      nanoseconds += digit * unit
      unit /= 10
      count += 1
    }
    return count > 0 ? nanoseconds : nil
  }

  /// Seconds to the east of Greenwich.
  mutating func offset() -> Int64? {
    if accept("Z") { return 0 }
    let isEast = accept("+")
    guard isEast || accept("-"), let hours = number(2), accept(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}

extension ImageConfiguration {
  /// Whether all times that it states are times.
  /// - Throws: ``JSONError`` that names the first one that is not.
  public func checkTimes() throws(JSONError) {
    try Self.check(created, at: "created")
    for (index, step) in history.enumerated() { try Self.check(step.created, at: "history[\(index)].created") }
  }

  private static func check(_ text: String?, at path: String) throws(JSONError) {
    guard let text, ImageTime(text) == nil else { return }
    throw JSONError(.invalid("\"\(text.prefix(40))\" is not an RFC 3339 time"), path: path)
  }
}
