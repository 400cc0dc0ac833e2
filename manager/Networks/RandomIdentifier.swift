/// 256 bits in 64 hexadecimal digits, as Docker names what nobody names.
enum RandomIdentifier {
  static func make() -> String {
    (0..<4).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
