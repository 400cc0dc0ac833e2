/// Takes multiplexed output apart (Engine API, ContainerAttach §Stream format): eight bytes of header, then what a
/// stream says.
struct FrameDecoder {
  enum Stream: UInt8 {
    case input = 0
    case output = 1
    case errors = 2
    /// What went wrong in the daemon.
    case system = 3
  }

  private var header: [UInt8] = []
  private var current: (stream: Stream, rest: Int)?

  /// - Returns: what `bytes` say, in their order.
  /// - Throws: ``ClientError/unexpectedAnswer(_:)`` if a header is none.
  mutating func feed(_ bytes: some Collection<UInt8>) throws(ClientError) -> [(stream: Stream, bytes: [UInt8])] {
    var result: [(stream: Stream, bytes: [UInt8])] = []
    var bytes = Array(bytes)[...]
    while !bytes.isEmpty {
      if let (stream, rest) = current {
        let piece = bytes.prefix(rest)
        bytes = bytes.dropFirst(piece.count)
        result.append((stream, Array(piece)))
        current = piece.count == rest ? nil : (stream, rest - piece.count)
        continue
      }
      header.append(bytes.removeFirst())
      if header.count == 8 { try begin() }
    }
    return result
  }

  private mutating func begin() throws(ClientError) {
    guard let stream = Stream(rawValue: header[0]) else {
      throw .unexpectedAnswer("unrecognized stream: \(header[0])")
    }
    let length = header[4...].reduce(0) { $0 << 8 | Int($1) }
    header = []
    current = length == 0 ? nil : (stream, length)
  }
}
