package import LinuxKernel

/// An answer of ours (RFC 1035 §4.1).
package struct NameAnswer: Equatable {
  package enum Code: UInt8 {
    case fine = 0
    case malformed = 1
    case failed = 2
  }

  package enum Record: Equatable {
    case address(IPAddress)
    case name(String)
  }

  package var code: Code
  package var records: [Record]

  package init(_ code: Code = .fine, _ records: [Record] = []) { (self.code, self.records) = (code, records) }

  /// Seconds: containers come and go, and asking again costs nothing.
  private static let lifetime: UInt16 = 5
  /// How long a datagram we take may be.
  private static let ownDatagramSize: UInt16 = 4096
  private static let shortest = 512

  /// - Parameter isDatagram: whether it has to fit into one that the asker takes; it is said if it does not, so that he
  ///   asks again by a stream.
  package func bytes(for query: NameQuery, isDatagram: Bool) -> [UInt8] {
    let limit = isDatagram ? Int(query.datagramSize ?? UInt16(Self.shortest)) : 0xFFFF
    let all = bytes(for: query, records, isTruncated: false)
    return all.count <= limit ? all : bytes(for: query, [], isTruncated: true)
  }

  private func bytes(for query: NameQuery, _ records: [Record], isTruncated: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(number: query.id)
    // An answer, for which somebody else can be asked.
    bytes.append(0x80 | (isTruncated ? 2 : 0) | (query.recursionDesired ? 1 : 0))
    bytes.append(0x80 | code.rawValue)
    for count in [1, records.count, 0, query.datagramSize == nil ? 0 : 1] { bytes.append(number: UInt16(count)) }
    bytes += query.question
    for record in records { Self.append(record, to: &bytes) }
    if query.datagramSize != nil {
      bytes += [0]
      for number in [41, Self.ownDatagramSize, 0, 0, 0] { bytes.append(number: number) }
    }
    return bytes
  }

  private static func append(_ record: Record, to bytes: inout [UInt8]) {
    // The question's name.
    bytes.append(number: 0xC00C)
    let data: [UInt8]
    switch record {
    case .address(.v4(let address)):
      bytes.append(number: NameQuery.addressType)
      data = address.bytes
    case .address(.v6(let address)):
      bytes.append(number: NameQuery.ipv6Type)
      data = address.bytes
    case .name(let name):
      bytes.append(number: NameQuery.pointerType)
      data = encoded(name)
    }
    for number in [NameQuery.internetClass, 0, lifetime, UInt16(data.count)] { bytes.append(number: number) }
    bytes += data
  }

  /// Labels with their lengths; what is too long for one is cut off.
  private static func encoded(_ name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for label in name.utf8.split(separator: UInt8(ascii: ".")) where bytes.count + 65 < 255 {
      let label = label.prefix(63)
      bytes.append(UInt8(label.count))
      bytes += label
    }
    return bytes + [0]
  }

  /// To what is no question: that it is none, if there is enough of it to answer at all.
  package static func malformed(_ message: [UInt8]) -> [UInt8]? {
    // What is an answer itself is not answered: two servers would go on for ever.
    guard message.count >= 12, message[2] & 0x80 == 0 else { return nil }
    return message[0..<2] + [0x80 | (message[2] & 0x79), 0x80 | Code.malformed.rawValue]
      + [UInt8](repeating: 0, count: 8)
  }
}
