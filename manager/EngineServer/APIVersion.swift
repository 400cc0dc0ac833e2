/// A version of the Engine API, `1.51`.
package struct APIVersion: Comparable, Hashable, Sendable {
  package var major: Int
  package var minor: Int

  package init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version that this server speaks when the client names none.
  package static let current = APIVersion(1, 51)
  /// The oldest version that clients may ask for.
  package static let minimum = APIVersion(1, 24)
  /// From here on, a stream says in its content type whether it is multiplexed.
  package static let namesMultiplexedStreams = APIVersion(1, 42)

  /// From here on, what goes over a WebSocket is binary.
  package static let sendsBinaryMessages = APIVersion(1, 28)

  package static func < (left: APIVersion, right: APIVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

extension APIVersion: LosslessStringConvertible {
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }),
      let major = Int(parts[0]), let minor = Int(parts[1])
    else { return nil }
    self.init(major, minor)
  }

  package var description: String { "\(major).\(minor)" }
}

extension APIVersion {
  /// The version that a path asks for.
  /// - Throws: ``APIError`` 400 in Docker's words if it is none that the server speaks.
  static func checked(_ text: String) throws(APIError) -> APIVersion {
    guard let version = APIVersion(text) ?? Int(text).map({ APIVersion($0, 0) }) else {
      throw .invalidParameter("invalid API version \(text)")
    }
    if version < .minimum {
      throw .invalidParameter(
        "client version \(text) is too old. Minimum supported API version is \(APIVersion.minimum), "
          + "please upgrade your client to a newer version")
    }
    if version > .current {
      throw .invalidParameter(
        "client version \(text) is too new. Maximum supported API version is \(APIVersion.current)")
    }
    return version
  }
}
