internal import Glibc

/// Goes through one line of JSON whose form is known.
struct LineScanner {
  private var next: UnsafeRawPointer
  private let end: UnsafeRawPointer

  /// - Precondition: `line` is there as long as this is.
  init(_ line: UnsafeRawBufferPointer) {
    // An empty line has no address, and nothing is read of it.
    next = line.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
    end = next + line.count
  }

  mutating func accept(_ text: [UInt8]) -> Bool {
    text.withUnsafeBytes { accept($0) }
  }

  mutating func accept(_ text: StaticString) -> Bool {
    accept(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func accept(_ text: UnsafeRawBufferPointer) -> Bool {
    guard end - next >= text.count, let start = text.baseAddress, memcmp(next, start, text.count) == 0 else {
      return false
    }
    next += text.count
    return true
  }

  /// What is left, if it ends with `tail`, without it.
  func rest(before tail: StaticString) -> UnsafeRawBufferPointer? {
    let count = end - next - tail.utf8CodeUnitCount
    guard count >= 0, memcmp(next + count, tail.utf8Start, tail.utf8CodeUnitCount) == 0 else { return nil }
    return UnsafeRawBufferPointer(start: next, count: count)
  }

  /// The text of a string whose opening quotation mark was read, up to behind the closing one.
  /// - Returns: `false` if it has none, or an escape that JSON does not have.
  mutating func string(into bytes: inout [UInt8]) -> Bool {
    guard var quote = find(0x22) else { return false }
    while true {
      // Text up to the next escape, or to the end.
      guard let escape = memchr(next, 0x5C, quote - next).map({ UnsafeRawPointer($0) }) else {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: next, count: quote - next))
        next = quote + 1
        return true
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: next, count: escape - next))
      next = escape + 1
      guard unescape(into: &bytes) else { return false }
      if quote < next {
        guard let another = find(0x22) else { return false }
        quote = another
      }
    }
  }

  private func find(_ byte: Int32) -> UnsafeRawPointer? { memchr(next, byte, end - next).map { UnsafeRawPointer($0) } }

  private mutating func unescape(into bytes: inout [UInt8]) -> Bool {
    guard next < end else { return false }
    let kind = next.load(as: UInt8.self)
    next += 1
    switch kind {
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(kind)
    case UInt8(ascii: "u"): return scalar(into: &bytes)
    default: return false
    }
    return true
  }

  /// Surrogates are left to the reader for all of JSON: nobody writes them here.
  private mutating func scalar(into bytes: inout [UInt8]) -> Bool {
    guard end - next >= 4 else { return false }
    var value = UInt32(0)
    for index in 0..<4 {
      guard let digit = Self.digit(next.load(fromByteOffset: index, as: UInt8.self)) else { return false }
      value = value << 4 | UInt32(digit)
    }
    guard let scalar = Unicode.Scalar(value) else { return false }
    next += 4
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return true
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The bytes of an object of strings.
  mutating func object() -> UnsafeRawBufferPointer? {
    let start = next
    var (isInString, isEscaped) = (false, false)
    while next < end {
      let byte = next.load(as: UInt8.self)
      next += 1
      if isEscaped {
        isEscaped = false
      } else if isInString {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "}") {
        return UnsafeRawBufferPointer(start: start, count: next - start)
      } else {
        isInString = byte == UInt8(ascii: "\"")
      }
    }
    return nil
  }
}
