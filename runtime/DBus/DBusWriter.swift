/// Bytes of a message, every value at its alignment (D-Bus specification §Marshaling).
struct DBusWriter {
  private(set) var bytes: [UInt8] = []

  mutating func align(to size: Int) {
    while bytes.count % size != 0 { bytes.append(0) }
  }

  mutating func append(_ value: DBusValue) {
    switch value {
    case .byte(let byte): bytes.append(byte)
    case .boolean(let flag): append(UInt32(flag ? 1 : 0))
    case .int16(let number): append(UInt16(bitPattern: number))
    case .uint16(let number): append(number)
    case .int32(let number): append(UInt32(bitPattern: number))
    case .uint32(let number): append(number)
    case .int64(let number): append(UInt64(bitPattern: number))
    case .uint64(let number): append(number)
    case .double(let number): append(number.bitPattern)
    case .string(let text), .objectPath(let text): append(text: text)
    case .signature(let text): append(signature: text)
    case .array(let element, let elements): append(elements, of: element)
    case .structure(let members):
      align(to: 8)
      for member in members { append(member) }
    case .entry(let key, let value):
      align(to: 8)
      append(key)
      append(value)
    case .variant(let value):
      append(signature: value.signature)
      append(value)
    }
  }

  private mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
    align(to: number.bitWidth / 8)
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func append(text: String) {
    append(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
    bytes.append(0)
  }

  private mutating func append(signature: String) {
    bytes.append(UInt8(truncatingIfNeeded: signature.utf8.count))
    bytes.append(contentsOf: signature.utf8)
    bytes.append(0)
  }

  /// The length counts what follows the first element's padding, which is there without elements too.
  private mutating func append(_ elements: [DBusValue], of signature: String) {
    append(UInt32(0))
    let lengthOffset = bytes.count - 4
    align(to: DBusSignature.alignment(of: signature.utf8.first))
    let start = bytes.count
    for element in elements { append(element) }
    withUnsafeBytes(of: UInt32(bytes.count - start).littleEndian) {
      bytes.replaceSubrange(lengthOffset..<lengthOffset + 4, with: $0)
    }
  }
}
