/// Amounts of bytes as Docker says them.
public enum HumanSize {
  /// `1.98MB`: powers of 1000, so many significant digits.
  public static func decimal(_ bytes: Int64, digits: Int = 3) -> String {
    scale(bytes, by: 1000, units: ["B", "kB", "MB", "GB", "TB", "PB", "EB"], digits: digits)
  }

  /// `23.54GiB`: powers of 1024.
  public static func binary(_ bytes: Int64) -> String {
    scale(bytes, by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"], digits: 4)
  }

  private static func scale(_ bytes: Int64, by base: Double, units: [String], digits: Int) -> String {
    var value = Double(bytes)
    var unit = 0
    while value >= base, unit < units.count - 1 {
      value /= base
      unit += 1
    }
    return significant(value, digits) + units[unit]
  }

  /// C's `%.<digits>g` for numbers from 0 to 1024.
  public static func significant(_ value: Double, _ digits: Int) -> String {
    guard value > 0 else { return "0" }
    var whole = 0
    var rest = value
    while rest >= 1 {
      rest /= 10
      whole += 1
    }
    let decimals = max(0, digits - max(whole, 1))
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = Int64((value * factor).rounded(.toNearestOrEven))
    var fraction = String(scaled % Int64(factor))
    fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    let integer = scaled / Int64(factor)
    return decimals == 0 || fraction.isEmpty ? "\(integer)" : "\(integer).\(fraction)"
  }
}
