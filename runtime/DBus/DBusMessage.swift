/// One message (D-Bus specification §Message Format). Numbers are little-endian, as both sides are of this machine.
public struct DBusMessage: Equatable, Sendable {
  public enum Kind: UInt8, Sendable {
    case call = 1
    case reply = 2
    case error = 3
    case signal = 4
  }

  public var kind: Kind
  public var serial: UInt32
  public var path: String?
  public var interface: String?
  public var member: String?
  public var errorName: String?
  /// Whose answer it is.
  public var replySerial: UInt32?
  public var destination: String?
  public var sender: String?
  private var signature = ""
  private var body: ArraySlice<UInt8> = []

  public init(_ kind: Kind, serial: UInt32) {
    self.kind = kind
    self.serial = serial
  }

  /// What it carries. Taken apart when asked for: most signals are for others.
  public func values() throws(DBusError) -> [DBusValue] { try DBusReader.values(body, signature: signature) }

  /// As it goes over the wire.
  public func bytes(_ values: [DBusValue]) -> [UInt8] {
    var body = DBusWriter()
    for value in values { body.append(value) }
    var fields: [(UInt8, DBusValue?)] = [
      (1, path.map(DBusValue.objectPath)), (2, interface.map(DBusValue.string)), (3, member.map(DBusValue.string)),
      (4, errorName.map(DBusValue.string)), (5, replySerial.map(DBusValue.uint32)),
      (6, destination.map(DBusValue.string)), (7, sender.map(DBusValue.string)),
    ]
    if !values.isEmpty { fields.append((8, .signature(values.map { $0.signature }.joined()))) }
    var writer = DBusWriter()
    for byte in [UInt8(ascii: "l"), kind.rawValue, 0, 1] { writer.append(.byte(byte)) }
    writer.append(.uint32(UInt32(body.bytes.count)))
    writer.append(.uint32(serial))
    let header = fields.compactMap { code, value in value.map { DBusValue.structure([.byte(code), .variant($0)]) } }
    writer.append(.array(of: "(yv)", header))
    writer.align(to: 8)
    return writer.bytes + body.bytes
  }
}

extension DBusMessage {
  /// What is read of a message before its length is known.
  static let prefixSize = 16
  /// The specification allows 128 MiB; systemd tells everything about a unit in a few KiB.
  static let maximumSize = 1 << 20

  /// How long the message is that begins with `prefix`.
  /// - Throws: ``DBusError/malformed(_:)`` if it is none, or longer than anything that is expected.
  public static func size(beginning prefix: ArraySlice<UInt8>) throws(DBusError) -> Int {
    var reader = DBusReader(prefix.prefix(prefixSize))
    let start = try reader.number(UInt32.self)
    guard UInt8(truncatingIfNeeded: start) == UInt8(ascii: "l"), start >> 24 == 1 else {
      throw .malformed("no message, or not one of this machine")
    }
    let body = Int(try reader.number(UInt32.self))
    _ = try reader.number(UInt32.self)
    let fields = Int(try reader.number(UInt32.self))
    guard body <= maximumSize, fields <= maximumSize else { throw .malformed("a message is too long") }
    let size = (prefixSize + fields + 7) / 8 * 8 + body
    guard size <= maximumSize else { throw .malformed("a message is too long") }
    return size
  }

  /// - Parameter bytes: a whole message.
  public init(_ bytes: [UInt8]) throws(DBusError) {
    guard try Self.size(beginning: bytes[...]) == bytes.count else { throw .malformed("a message of another length") }
    guard let kind = Kind(rawValue: bytes[1]) else { throw .malformed("a message of the kind \(bytes[1])") }
    var reader = DBusReader(bytes[...])
    _ = try reader.number(UInt32.self)
    let bodySize = Int(try reader.number(UInt32.self))
    self.init(kind, serial: try reader.number(UInt32.self))
    guard case .array(_, let fields) = try reader.value(of: "a(yv)"[...].utf8, depth: 0) else { return }
    for field in fields { try take(field) }
    try reader.align(to: 8)
    body = bytes[(bytes.count - bodySize)...]
    guard body.isEmpty == signature.isEmpty else { throw .malformed("a body without a signature, or the other way") }
  }

  private mutating func take(_ field: DBusValue) throws(DBusError) {
    guard case .structure(let members) = field, members.count == 2, case .byte(let code) = members[0],
      case .variant(let value) = members[1]
    else { throw .malformed("a field of a header is none") }
    switch (code, value) {
    case (1, .objectPath(let text)): path = text
    case (2, .string(let text)): interface = text
    case (3, .string(let text)): member = text
    case (4, .string(let text)): errorName = text
    case (5, .uint32(let number)): replySerial = number
    case (6, .string(let text)): destination = text
    case (7, .string(let text)): sender = text
    case (8, .signature(let text)): signature = text
    case (1...8, _): throw .malformed("a field of a header has another type")
    default: break
    }
  }
}
