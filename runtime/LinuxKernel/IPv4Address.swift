/// An IPv4 address.
public struct IPv4Address: InternetAddress {
  public var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static var family: UInt8 { 2 }

  public var isLoopback: Bool { rawValue >> 24 == 127 }
}

extension IPv4Address {
  /// Four decimal numbers from 0 to 255 without leading zeros, which some programs read as octal.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(part), String(byte) == part else { return nil }
      value = value << 8 | UInt32(byte)
    }
    rawValue = value
  }

  public var description: String { bytes.map(String.init).joined(separator: ".") }
}
