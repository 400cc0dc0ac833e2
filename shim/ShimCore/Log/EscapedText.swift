/// Text inside a JSON string, as Docker's own encoder has it. Every byte that is not part of well-formed UTF-8 becomes
/// `\ufffd`, as Go decodes it.
enum EscapedText {
  /// Bytes that one byte can become.
  static let longest = 6

  /// - Parameter target: has room for ``longest`` times the bytes.
  /// - Returns: where the text ends.
  static func write(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    guard var next = bytes.baseAddress else { return target }
    let end = next + bytes.count
    var target = target
    while next < end {
      copyPlain(&next, end, &target)
      if next < end { escape(&next, end, &target) }
    }
    return target
  }

  /// Copies up to the first byte that needs a closer look, eight at a time while there are as many.
  private static func copyPlain(
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ target: inout UnsafeMutableRawPointer
  ) {
    while end - next >= 8 {
      let word = next.loadUnaligned(as: UInt64.self)
      guard isPlain(word) else { break }
      target.storeBytes(of: word, as: UInt64.self)
      next += 8
      target += 8
    }
    while next < end {
      let byte = next.load(as: UInt8.self)
      guard isPlain(byte) else { return }
      target.storeBytes(of: byte, as: UInt8.self)
      next += 1
      target += 1
    }
  }

  /// The same for all eight bytes at once.
  private static func isPlain(_ word: UInt64) -> Bool {
    let high: UInt64 = 0x8080_8080_8080_8080
    let control = (word &- 0x2020_2020_2020_2020) & ~word
    // `<` and `>` differ in one bit, `"` and `&` in another one.
    let angle = (word | 0x0202_0202_0202_0202) ^ 0x3E3E_3E3E_3E3E_3E3E
    let quote = (word | 0x0404_0404_0404_0404) ^ 0x2626_2626_2626_2626
    let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
    let found = word | control | zeros(angle) | zeros(quote) | zeros(backslash)
    return found & high == 0
  }

  /// The highest bit of every byte that is zero.
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x26, 0x3C, 0x3E, 0x5C: false
    case 0x20..<0x80: true
    default: false
    }
  }

  private static func escape(
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ target: inout UnsafeMutableRawPointer
  ) {
    let byte = next.load(as: UInt8.self)
    guard byte >= 0x80 else {
      escape(byte, &target)
      next += 1
      return
    }
    let length = UTF8Sequence.length(UnsafeRawBufferPointer(start: next, count: end - next))
    if length == 0 {
      put(#"\ufffd"#, &target)
    } else if length == 3, byte == 0xE2, next.load(fromByteOffset: 1, as: UInt8.self) == 0x80,
      next.load(fromByteOffset: 2, as: UInt8.self) & 0xFE == 0xA8
    {
      // U+2028 and U+2029, which end lines in JavaScript.
      put(next.load(fromByteOffset: 2, as: UInt8.self) == 0xA8 ? #"\u2028"# : #"\u2029"#, &target)
    } else {
      target.copyMemory(from: next, byteCount: length)
      target += length
    }
    next += max(length, 1)
  }

  private static func escape(_ byte: UInt8, _ target: inout UnsafeMutableRawPointer) {
    switch byte {
    case UInt8(ascii: "\""): put(#"\""#, &target)
    case UInt8(ascii: "\\"): put(#"\\"#, &target)
    case 0x0A: put(#"\n"#, &target)
    case 0x0D: put(#"\r"#, &target)
    default:
      // Docker's own encoder knows no \t.
      put(#"\u00"#, &target)
      put(hexadecimalDigit(byte >> 4), &target)
      put(hexadecimalDigit(byte & 15), &target)
    }
  }

  private static func put(_ text: StaticString, _ target: inout UnsafeMutableRawPointer) {
    target.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    target += text.utf8CodeUnitCount
  }

  private static func put(_ byte: UInt8, _ target: inout UnsafeMutableRawPointer) {
    target.storeBytes(of: byte, as: UInt8.self)
    target += 1
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}

/// Well-formed sequences of two to four bytes (Unicode, table 3-7).
enum UTF8Sequence {
  /// The length of the sequence that `bytes` start with, 0 if it is not well-formed.
  static func length(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let first = bytes.first, let (length, second) = shape(first) else { return 0 }
    guard bytes.count >= length, second.contains(bytes[1]) else { return 0 }
    for index in 2..<max(length, 2) where bytes[index] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// How long a sequence that starts with `first` is, and what its second byte may be.
  private static func shape(_ first: UInt8) -> (Int, ClosedRange<UInt8>)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
