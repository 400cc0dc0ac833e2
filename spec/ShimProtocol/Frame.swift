/// One message or one piece of output on the shim's socket.
///
/// Every frame starts with the eight bytes that Docker's attach stream has, so that a manager passes stream frames on
/// untouched:
///
/// ```
///   0      1   2   3   4    5    6    7    8 …
/// ┌──────┬───┬───┬───┬──────────────────┬─────────┐
/// │ kind │ 0 │ 0 │ 0 │ length, big end. │ payload │
/// └──────┴───┴───┴───┴──────────────────┴─────────┘
/// ```
public struct Frame: Equatable, Sendable {
  /// What the payload is.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// Bytes for the process, from an attach client.
    case stdin = 0
    /// Bytes from the process. With a terminal everything comes as `stdout`.
    case stdout = 1
    case stderr = 2
    /// A ``ShimRequest`` as JSON.
    case request = 16
    /// A ``ShimReply`` as JSON.
    case reply = 17
    /// A ``ShimEvent`` as JSON.
    case event = 18

    /// The longest payload that a frame of this kind may have, in bytes.
    public var limit: Int {
      switch self {
      case .stdin, .stdout, .stderr: 64 << 10
      case .request, .reply, .event: 1 << 20
      }
    }
  }

  /// Bytes before the payload.
  public static let headerSize = 8

  public var kind: Kind
  public var payload: [UInt8]

  public init(_ kind: Kind, _ payload: [UInt8]) {
    self.kind = kind
    self.payload = payload
  }

  /// The eight bytes before a payload of `length` bytes.
  public static func header(_ kind: Kind, length: Int) -> [UInt8] {
    let length = UInt32(length)
    return [
      kind.rawValue, 0, 0, 0, UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF),
      UInt8(length & 0xFF),
    ]
  }

  /// Header and payload.
  /// - Precondition: the payload is within the limit of its kind; ``split(_:_:)`` cuts a stream into such pieces.
  public var bytes: [UInt8] {
    precondition(payload.count <= kind.limit, "a frame of \(payload.count) bytes")
    return Frame.header(kind, length: payload.count) + payload
  }

  /// Frames for all of `bytes`, none longer than its kind allows.
  public static func split(_ kind: Kind, _ bytes: ArraySlice<UInt8>) -> [Frame] {
    var rest = bytes
    var frames: [Frame] = []
    while !rest.isEmpty {
      frames.append(Frame(kind, Array(rest.prefix(kind.limit))))
      rest = rest.dropFirst(kind.limit)
    }
    return frames
  }
}

/// Why a byte stream cannot be cut into frames. The connection is useless from there on.
public enum FrameError: Error, Equatable, Sendable {
  case unknownKind(UInt8)
  /// One of the three bytes after the kind is not zero.
  case reservedBytes
  case tooLong(kind: Frame.Kind, length: Int)
}

extension FrameError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownKind(let kind): "unknown frame kind \(kind)"
    case .reservedBytes: "bytes 1 to 3 of a frame header must be zero"
    case .tooLong(let kind, let length):
      "a \(kind) frame of \(length) bytes is longer than the \(kind.limit) accepted"
    }
  }
}
