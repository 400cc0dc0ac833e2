internal import CNettle

/// SHA-1 (FIPS 180-4 §6.1), which protects nothing any more, for protocols that ask for it.
public enum SHA1 {
  /// - Returns: the 20 bytes for `bytes`.
  public static func hash(data bytes: [UInt8]) -> [UInt8] {
    var state = sha1_ctx()
    nettle_sha1_init(&state)
    nettle_sha1_update(&state, bytes.count, bytes)
    return [UInt8](unsafeUninitializedCapacity: Int(SHA1_DIGEST_SIZE)) { digest, count in
      count = digest.count
      nettle_sha1_digest(&state, count, digest.baseAddress)
    }
  }
}
