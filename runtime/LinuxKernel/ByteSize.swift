/// Amounts of bytes as people write them: `10m`, `1.5 GB`, `1024`.
public enum ByteSize {
  /// A kilobyte has 1000 bytes.
  public static func decimal(_ text: String) throws(ByteSizeError) -> Int64 { try parse(text, 1000) }

  /// A kilobyte has 1024 bytes.
  public static func binary(_ text: String) throws(ByteSizeError) -> Int64 { try parse(text, 1024) }

  private static func parse(_ text: String, _ base: UInt64) throws(ByteSizeError) -> Int64 {
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
    var suffix = bytes[end...]
    if suffix.first == UInt8(ascii: " ") { suffix.removeFirst() }
    guard let amount = Decimal(bytes[..<end]) else { throw .number(text) }
    guard let power = power(suffix) else { throw .suffix(String(decoding: suffix.map(lowercase), as: UTF8.self)) }
    var unit: UInt64 = 1
    for _ in 0..<power { unit *= base }
    guard let size = amount.times(unit) else { throw .number(text) }
    return size
  }

  /// Of the base, that a unit stands for: `k`, `kB` and `KiB` are its first.
  private static func power(_ suffix: ArraySlice<UInt8>) -> Int? {
    var unit = suffix.map(lowercase)
    if unit.last == UInt8(ascii: "b") {
      unit.removeLast()
      if unit.count == 2, unit.last == UInt8(ascii: "i") { unit.removeLast() }
    }
    guard let letter = unit.first else { return 0 }
    guard unit.count == 1, let index = Array("kmgtp".utf8).firstIndex(of: letter) else { return nil }
    return index + 1
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// A number of digits with a point, exactly.
  private struct Decimal {
    var whole: UInt64 = 0
    var fraction: UInt64 = 0
    /// A power of ten.
    var denominator: UInt64 = 1

    /// `nil` for what is no number, or too great for 64 bits. Of the fraction nine digits count.
    init?(_ bytes: ArraySlice<UInt8>) {
      let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
      for byte in parts[0] {
        let (product, isTooGreat) = whole.multipliedReportingOverflow(by: 10)
        guard !isTooGreat, product <= UInt64.max - 9 else { return nil }
        whole = product + UInt64(byte - UInt8(ascii: "0"))
      }
      for byte in parts.dropFirst().joined().prefix(9) {
        fraction = fraction * 10 + UInt64(byte - UInt8(ascii: "0"))
        denominator *= 10
      }
    }

    /// Rounded down; `nil` if it is more than a signed number has room for.
    func times(_ unit: UInt64) -> Int64? {
      let (product, isTooGreat) = whole.multipliedReportingOverflow(by: unit)
      let part = denominator.dividingFullWidth(fraction.multipliedFullWidth(by: unit)).quotient
      guard !isTooGreat, product <= UInt64.max - part else { return nil }
      return Int64(exactly: product + part)
    }
  }
}

/// What is wrong with an amount of bytes, in Docker's words.
public enum ByteSizeError: Error, Equatable, Sendable {
  /// The text has no number to begin with, or too great a one.
  case number(String)
  /// What follows the number is no unit.
  case suffix(String)
}

extension ByteSizeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let text): "invalid size: '\(text)'"
    case .suffix(let unit): "invalid suffix: '\(unit)'"
    }
  }
}
