internal import CNettle

/// SHA-256 (FIPS 180-4 §6.2) of bytes that come in pieces. A copy goes on by itself.
public struct SHA256: Sendable {
  private var state = sha256_ctx()

  public init() { nettle_sha256_init(&state) }

  public mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
    bytes.withMemoryRebound(to: UInt8.self) { nettle_sha256_update(&state, $0.count, $0.baseAddress) }
  }

  /// - Returns: the 32 bytes for everything so far; more can follow.
  public func finalize() -> [UInt8] {
    var state = state
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_SIZE)) { digest, count in
      count = digest.count
      nettle_sha256_digest(&state, count, digest.baseAddress)
    }
  }

  /// - Returns: the 32 bytes for `bytes`.
  public static func hash(data bytes: [UInt8]) -> [UInt8] {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return hasher.finalize()
  }
}
