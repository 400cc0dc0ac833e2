/// A length of time as Go writes it: `300ms`, `1m30s`, `1.5h`.
struct GoDuration: Equatable {
  var nanoseconds: Int64

  private static let units: [Substring: Double] = [
    "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
  ]

  /// `nil` if it is no length of time.
  init?(_ text: String) {
    var rest = text[...]
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    if rest == "0" {
      nanoseconds = 0
      return
    }
    guard !rest.isEmpty else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let factor = Self.units[unit] else { return nil }
      total += value * factor
    }
    guard total < 0x1p63 else { return nil }
    nanoseconds = Int64(isNegative ? -total : total)
  }
}
