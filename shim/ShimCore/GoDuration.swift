/// A length of time as Go writes it: `1m30s`, `500ms`, `1.5s`.
package enum GoDuration {
  private static let second: Int64 = 1_000_000_000

  /// - Precondition: `nanoseconds` is not negative.
  package static func text(_ nanoseconds: Int64) -> String {
    switch nanoseconds {
    case 0: return "0s"
    case ..<1000: return "\(nanoseconds)ns"
    case ..<1_000_000: return decimal(nanoseconds, unit: 1000) + "µs"
    case ..<second: return decimal(nanoseconds, unit: 1_000_000) + "ms"
    default: break
    }
    let minutes = nanoseconds / (60 * second)
    let seconds = decimal(nanoseconds % (60 * second), unit: second) + "s"
    if minutes == 0 { return seconds }
    return minutes < 60 ? "\(minutes)m\(seconds)" : "\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  /// Without zeros at the end.
  private static func decimal(_ value: Int64, unit: Int64) -> String {
    let (whole, rest) = (value / unit, value % unit)
    guard rest > 0 else { return "\(whole)" }
    var digits = "\(unit + rest)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
