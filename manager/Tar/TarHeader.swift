/// One header block of 512 bytes (POSIX ustar, GNU and the old Unix format).
struct TarHeader {
  enum Format { case unix, ustar, gnu }

  private let block: UnsafeRawBufferPointer

  /// - Precondition: `block` has 512 bytes.
  init(_ block: UnsafeRawBufferPointer) { self.block = block }

  var isZero: Bool { block.allSatisfy { $0 == 0 } }

  var type: UInt8 { block[156] }

  var format: Format {
    guard block[257..<262].elementsEqual("ustar".utf8) else { return .unix }
    return block[262] == 0 ? .ustar : .gnu
  }

  /// Whether the checksum is right; its own field counts as blanks. Some old programs added up signed bytes.
  var isIntact: Bool {
    guard let stated = number(148..<156) else { return false }
    var unsigned: Int64 = 0
    var signed: Int64 = 0
    for index in 0..<512 {
      let byte = (148..<156).contains(index) ? UInt8(ascii: " ") : block[index]
      unsigned += Int64(byte)
      signed += Int64(Int8(bitPattern: byte))
    }
    return stated == unsigned || stated == signed
  }

  var name: [UInt8] {
    let prefix = format == .ustar ? text(345..<500) : []
    return prefix.isEmpty ? text(0..<100) : prefix + [UInt8(ascii: "/")] + text(0..<100)
  }
  var linkName: [UInt8] { text(157..<257) }
  var mode: Int64? { number(100..<108) }
  var owner: Int64? { number(108..<116) }
  var group: Int64? { number(116..<124) }
  var size: Int64? { number(124..<136) }
  var modified: Int64? { number(136..<148) }
  var deviceMajor: Int64? { format == .unix ? 0 : number(329..<337) }
  var deviceMinor: Int64? { format == .unix ? 0 : number(337..<345) }

  private func text(_ range: Range<Int>) -> [UInt8] { Array(block[range].prefix { $0 != 0 }) }

  /// Octal digits between blanks and nulls, or GNU's two's complement after a byte with the highest bit. Nothing at all is 0.
  private func number(_ range: Range<Int>) -> Int64? {
    if block[range.lowerBound] & 0x80 != 0 { return binary(range) }
    var value: Int64 = 0
    var index = range.lowerBound
    while index < range.upperBound, block[index] == UInt8(ascii: " ") || block[index] == 0 { index += 1 }
    while index < range.upperBound, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(block[index]) {
      // Twelve digits at most: no overflow.
      value = value << 3 | Int64(block[index] - UInt8(ascii: "0"))
      index += 1
    }
    while index < range.upperBound {
      guard block[index] == UInt8(ascii: " ") || block[index] == 0 else { return nil }
      index += 1
    }
    return value
  }

  private func binary(_ range: Range<Int>) -> Int64? {
    // Bit 6 of the first byte is the sign, the rest of the field the number.
    let first = block[range.lowerBound]
    var value: Int64 = first & 0x40 != 0 ? -1 : 0
    value = value << 6 | Int64(first & 0x3F)
    for byte in block[range.dropFirst()] {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
      if overflow { return nil }
      value = shifted | Int64(byte)
    }
    return value
  }
}
