internal import Glibc

/// Moments as Go prints them.
enum GoTime {
  /// `2026-11-21T06:58:18.000000000Z`, in the client's time zone.
  static func fixed(nanoseconds: Int64) -> String {
    var moment = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    guard localtime_r(&moment, &parts) != nil else { return "" }
    let fraction = String(nanoseconds % 1_000_000_000)
    let date = print(&parts, "%Y-%m-%dT%H:%M:%S.") + String(repeating: "0", count: 9 - fraction.count) + fraction
    return date + zone(&parts)
  }

  /// `2026-11-21T06:58:18Z`, in the client's time zone.
  static func rfc3339(seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    guard localtime_r(&moment, &parts) != nil else { return "" }
    return print(&parts, "%Y-%m-%dT%H:%M:%S") + zone(&parts)
  }

  private static func zone(_ parts: inout tm) -> String {
    guard parts.tm_gmtoff != 0 else { return "Z" }
    let zone = print(&parts, "%z")
    return "\(zone.prefix(3)):\(zone.suffix(2))"
  }

  /// `2026-11-21 06:58:18 +0000 UTC`, in the client's time zone.
  static func describe(seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    guard localtime_r(&moment, &parts) != nil else { return "" }
    return print(&parts, "%Y-%m-%d %H:%M:%S %z %Z")
  }

  private static func print(_ parts: inout tm, _ format: String) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
