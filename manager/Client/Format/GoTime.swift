internal import Glibc

/// Moments as Go prints them.
enum GoTime {
  /// `2026-11-21 06:58:18 +0000 UTC`, in the client's time zone.
  static func describe(seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    guard localtime_r(&moment, &parts) != nil else { return "" }
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S %z %Z", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
