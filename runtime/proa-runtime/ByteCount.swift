/// Sizes as people write them: `1024`, `64m`, `1.5 GiB`; a thousand is 1024 here.
enum ByteCount {
  private static let units = "kmgtp"

  /// `nil` for what is no size.
  static func parse(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = text.dropFirst(digits.count).lowercased()[...]
    if unit.first == " " { unit.removeFirst() }
    guard let factor = factor(of: unit), digits.first != ".", digits.last != "." else { return nil }
    if let whole = Int64(digits) {
      let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
      return overflow ? nil : bytes
    }
    guard let value = Double(digits), value * Double(factor) < Double(Int64.max) else { return nil }
    return Int64(value * Double(factor))
  }

  /// `k`, `kb`, `kib`, and so on; `b` or nothing for bytes.
  private static func factor(of unit: Substring) -> Int64? {
    guard let letter = unit.first, unit != "b" else { return 1 }
    guard let place = units.firstIndex(of: letter), ["", "b", "ib"].contains(unit.dropFirst()) else { return nil }
    return 1 << (10 * Int64(units.distance(from: units.startIndex, to: place) + 1))
  }
}
