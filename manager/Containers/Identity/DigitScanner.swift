/// Reads the fixed pieces of a time out of ASCII text.
struct DigitScanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Exactly `count` decimal digits, `nil` if they are not there.
  mutating func digits(_ count: Int) -> Int64? {
    guard rest.count >= count else { return nil }
    var value: Int64 = 0
    for byte in rest.prefix(count) {
      guard let digit = Self.digit(byte) else { return nil }
      value = value * 10 + digit
    }
    rest = rest.dropFirst(count)
    return value
  }

  /// `.` and digits as nanoseconds, those past the ninth dropped; 0 if there is no `.`.
  mutating func fraction() -> Int64? {
    guard accept(".") else { return 0 }
    var value: Int64 = 0
    var count = 0
    while let byte = rest.first, let digit = Self.digit(byte) {
      if count < 9 { value = value * 10 + digit }
      count += 1
      rest.removeFirst()
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }

  /// Seconds east of Greenwich: `Z`, `+01:30`.
  mutating func offset() -> Int64? {
    if accept("Z") || accept("z") { return 0 }
    let east = accept("+")
    guard east || accept("-"), let hours = digits(2), accept(":"), let minutes = digits(2) else { return nil }
    return (hours * 3600 + minutes * 60) * (east ? 1 : -1)
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte - UInt8(ascii: "0")) : nil
  }
}
