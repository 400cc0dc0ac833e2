/// Builds one netlink message: header, fixed part, attributes, all in the byte order of the machine and aligned to four.
package struct NetlinkWriter: Sendable {
  /// Bits of the header (`linux/netlink.h`).
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let request = Flags(rawValue: 0x1)
    package static let acknowledge = Flags(rawValue: 0x4)
    package static let dump = Flags(rawValue: 0x300)
    package static let replace = Flags(rawValue: 0x100)
    package static let exclusive = Flags(rawValue: 0x200)
    package static let create = Flags(rawValue: 0x400)
  }

  /// The message so far; its length field is right at any time.
  package private(set) var bytes: [UInt8] = []

  package init(type: UInt16, flags: Flags) {
    append(UInt32(0))
    append(type)
    append(flags.rawValue)
    append(UInt32(0))
    append(UInt32(0))
  }

  package var flags: Flags {
    get { Flags(rawValue: UInt16(bytes[6]) | UInt16(bytes[7]) << 8) }
    set { put(newValue.rawValue, at: 6) }
  }

  package mutating func setSequence(_ sequence: UInt32) { put(sequence, at: 8) }

  /// Part of the fixed structure after the header.
  package mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    if bytes.count >= 4 { put(UInt32(bytes.count), at: 0) }
  }

  /// - Precondition: `payload` has less than 64 KB; all that callers pass are names, addresses and numbers.
  package mutating func attribute(_ type: UInt16, _ payload: [UInt8]) {
    precondition(payload.count < 0xFFF0, "netlink attribute of \(payload.count) bytes")
    append(UInt16(payload.count + 4))
    append(type)
    bytes.append(contentsOf: payload)
    align()
  }

  package mutating func attribute(_ type: UInt16, _ value: some FixedWidthInteger) {
    attribute(type, withUnsafeBytes(of: value.littleEndian) { Array($0) })
  }

  /// With the terminating NUL.
  package mutating func attribute(_ type: UInt16, _ text: String) { attribute(type, Array(text.utf8) + [0]) }

  /// An attribute made of attributes.
  package mutating func nest(_ type: UInt16, _ body: (inout NetlinkWriter) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    append(type | 0x8000)
    body(&self)
    precondition(bytes.count - start <= 0xFFFF, "netlink attribute of \(bytes.count - start) bytes")
    put(UInt16(bytes.count - start), at: start)
  }

  private mutating func align() {
    while bytes.count % 4 != 0 { bytes.append(0) }
    put(UInt32(bytes.count), at: 0)
  }

  /// Little-endian machines only, as is all of Proa so far (x86-64, arm64).
  private mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
    withUnsafeBytes(of: value.littleEndian) { source in
      for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
    }
  }
}
