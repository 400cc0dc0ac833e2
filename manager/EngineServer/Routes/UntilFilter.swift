internal import Containers

/// The filter `until`: a moment, or how long ago it was.
enum UntilFilter {
  private static let units: [Substring: Int64] = [
    "ns": 1, "us": 1000, "µs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
  ]

  /// - Returns: `nil` if the filter was not given.
  /// - Throws: ``APIError`` 400 in Docker's words.
  static func time(_ filters: Filters, now: Timestamp) throws(APIError) -> Timestamp? {
    let given = filters["until"]
    guard let text = given.first else { return nil }
    guard given.count == 1 else { throw .invalidParameter("more than one until filter specified") }
    if let seconds = seconds(text) { return seconds }
    if let duration = duration(text[...]) {
      return Timestamp(nanoseconds: now.nanoseconds.subtractingReportingOverflow(duration).partialValue)
    }
    // Docker reads a date, with or without a time, in the daemon's time zone: here it is UTC.
    for end in ["", "Z", ":00Z", ":00:00Z", "T00:00:00Z"] {
      if let time = Timestamp(text + end) { return time }
    }
    throw .invalidParameter("failed to parse value as time or duration: \(text.debugDescription)")
  }

  /// Seconds since 1970, with decimals.
  private static func seconds(_ text: String) -> Timestamp? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.count > 1 ? parts[1] : ""
    guard let whole = Int64(parts[0]), abs(whole) < 9_000_000_000, digits.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Timestamp(nanoseconds: whole * 1_000_000_000 + (Int64((digits + "000000000").prefix(9)) ?? 0))
  }

  /// Go's form, `1h30m`, in nanoseconds.
  private static func duration(_ text: Substring) -> Int64? {
    var (rest, total) = (text, Int64(0))
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let factor = units[unit], value * Double(factor) < 0x1p62 else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(Int64(value * Double(factor)))
      if overflow { return nil }
      total = sum
    }
    return total
  }
}
