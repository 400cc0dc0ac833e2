/// An amount of bytes on the command line: `64m`, `1.5GiB`, `1024`. Units are powers of 1024.
struct MemorySize: Equatable {
  var bytes: Int64

  /// `nil` if it is no such amount.
  init?(_ text: String) {
    var unit = text.lowercased()[...]
    let number = unit.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    unit = unit.dropFirst(number.count)
    if unit.first == " " { unit.removeFirst() }
    if unit.last == "b" { unit.removeLast() }
    if unit.last == "i" { unit.removeLast() }
    let powers: [Substring: Int] = ["": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5]
    guard let power = powers[unit], number.first != ".", number.last != ".", let value = Double(number) else {
      return nil
    }
    let exact = value * Double(sign: .plus, exponent: 10 * power, significand: 1)
    guard exact < 0x1p63 else { return nil }
    bytes = Int64(exact)
  }
}
