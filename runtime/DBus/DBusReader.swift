/// Takes values out of a message. Nothing is read beyond its end, and nothing grows beyond a few times its size.
struct DBusReader {
  private let bytes: ArraySlice<UInt8>
  private var offset = 0

  /// - Parameter bytes: from a place whose offset in the message is a multiple of 8.
  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  /// All values of a body.
  static func values(_ body: ArraySlice<UInt8>, signature: String) throws(DBusError) -> [DBusValue] {
    var reader = DBusReader(body)
    var rest = signature[...].utf8
    var values: [DBusValue] = []
    while !rest.isEmpty { values.append(try reader.value(of: try DBusSignature.takeType(&rest), depth: 0)) }
    guard reader.isAtEnd else { throw .malformed("\(body.count - reader.offset) bytes after the last value") }
    return values
  }

  mutating func align(to size: Int) throws(DBusError) {
    while offset % size != 0 {
      guard try byte() == 0 else { throw .malformed("padding that is not zero") }
    }
  }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) throws(DBusError) -> Number {
    let size = Number.bitWidth / 8
    try align(to: size)
    var number = Number(0)
    for index in 0..<size { number |= Number(truncatingIfNeeded: try byte()) << Number(8 * index) }
    return number
  }

  /// - Parameter type: one complete type.
  mutating func value(of type: Substring.UTF8View, depth: Int) throws(DBusError) -> DBusValue {
    guard depth < DBusSignature.maximumDepth else { throw .malformed("values are nested too deeply") }
    switch type.first {
    case UInt8(ascii: "y"): return .byte(try byte())
    case UInt8(ascii: "b"):
      let number = try number(UInt32.self)
      guard number <= 1 else { throw .malformed("a boolean is \(number)") }
      return .boolean(number == 1)
    case UInt8(ascii: "n"): return .int16(Int16(bitPattern: try number(UInt16.self)))
    case UInt8(ascii: "q"): return .uint16(try number(UInt16.self))
    case UInt8(ascii: "i"): return .int32(Int32(bitPattern: try number(UInt32.self)))
    case UInt8(ascii: "u"): return .uint32(try number(UInt32.self))
    case UInt8(ascii: "x"): return .int64(Int64(bitPattern: try number(UInt64.self)))
    case UInt8(ascii: "t"): return .uint64(try number(UInt64.self))
    case UInt8(ascii: "d"): return .double(Double(bitPattern: try number(UInt64.self)))
    case UInt8(ascii: "s"): return .string(try text(length: Int(try number(UInt32.self))))
    case UInt8(ascii: "o"): return .objectPath(try text(length: Int(try number(UInt32.self))))
    case UInt8(ascii: "g"): return .signature(try text(length: Int(try byte())))
    default: return try container(of: type, depth: depth)
    }
  }

  private mutating func container(of type: Substring.UTF8View, depth: Int) throws(DBusError) -> DBusValue {
    switch type.first {
    case UInt8(ascii: "a"): return try array(of: type.dropFirst(), depth: depth)
    case UInt8(ascii: "("): return .structure(try members(of: type, depth: depth))
    case UInt8(ascii: "{"):
      let members = try members(of: type, depth: depth)
      return .entry(key: members[0], value: members[1])
    case UInt8(ascii: "v"):
      let signature = try text(length: Int(try byte()))
      var rest = signature[...].utf8
      let inner = try DBusSignature.takeType(&rest)
      guard rest.isEmpty else { throw .malformed("a variant of several types") }
      return .variant(try value(of: inner, depth: depth + 1))
    default: throw .malformed("a type is not known")
    }
  }

  private mutating func array(of element: Substring.UTF8View, depth: Int) throws(DBusError) -> DBusValue {
    let length = Int(try number(UInt32.self))
    try align(to: DBusSignature.alignment(of: element.first))
    guard length <= bytes.count - offset else { throw .malformed("an array is longer than its message") }
    let end = offset + length
    var elements: [DBusValue] = []
    while offset < end { elements.append(try value(of: element, depth: depth + 1)) }
    guard offset == end else { throw .malformed("an array's last element is longer than the array") }
    return .array(of: String(Substring(element)), elements)
  }

  private mutating func members(of type: Substring.UTF8View, depth: Int) throws(DBusError) -> [DBusValue] {
    try align(to: 8)
    var rest = type.dropFirst().dropLast()
    var members: [DBusValue] = []
    while !rest.isEmpty {
      members.append(try value(of: try DBusSignature.takeType(&rest), depth: depth + 1))
    }
    return members
  }

  private mutating func byte() throws(DBusError) -> UInt8 {
    guard offset < bytes.count else { throw .malformed("a message ends within a value") }
    defer { offset += 1 }
    return bytes[bytes.startIndex + offset]
  }

  private mutating func text(length: Int) throws(DBusError) -> String {
    guard length < bytes.count - offset else { throw .malformed("a text is longer than its message") }
    let start = bytes.startIndex + offset
    let content = bytes[start..<start + length]
    guard bytes[start + length] == 0, !content.contains(0), let text = String(validating: content, as: UTF8.self)
    else { throw .malformed("a text is no UTF-8, or does not end") }
    offset += length + 1
    return text
  }
}
