internal import Hashing
internal import OCIImageSpec

extension Digest {
  /// The digest of `bytes`.
  static func of(_ bytes: [UInt8]) -> Digest { Digest(sha256: SHA256.hash(data: bytes)) }

  /// - Throws: ``ImageError/digestMismatch(entry:expected:actual:)`` if `bytes`, which `entry` holds, do not have this digest.
  func verify(_ bytes: [UInt8], entry: String) throws {
    let actual = Digest.of(bytes)
    guard actual == self else { throw ImageError.digestMismatch(entry: entry, expected: self, actual: actual) }
  }
}
