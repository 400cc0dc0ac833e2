import Testing

@testable import Hashing

@Suite("Hashes, with the examples of FIPS 180")
struct HashingTests {
  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func sha256(text: String, digest: String) {
    #expect(Self.hex(SHA256.hash(data: Array(text.utf8))) == digest)
  }

  @Test(arguments: [
    ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
  ])
  func sha1(text: String, digest: String) {
    #expect(Self.hex(SHA1.hash(data: Array(text.utf8))) == digest)
  }

  @Test(arguments: [1, 3, 63, 64, 65, 127])
  func piecesAreAsGoodAsTheWhole(size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var hasher = SHA256()
    bytes.withUnsafeBytes { whole in
      for start in stride(from: 0, to: whole.count, by: size) {
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: whole[start..<min(start + size, whole.count)]))
      }
    }
    #expect(hasher.finalize() == SHA256.hash(data: bytes))
  }

  @Test func whatFollowsADigestCounts() {
    var hasher = SHA256()
    let early = hasher
    [UInt8]("a".utf8).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    #expect(hasher.finalize() == SHA256.hash(data: Array("a".utf8)))
    [UInt8]("bc".utf8).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    #expect(hasher.finalize() == SHA256.hash(data: Array("abc".utf8)))
    #expect(early.finalize() == SHA256.hash(data: []))
  }

  @Test func nothingIsNoPiece() {
    var hasher = SHA256()
    hasher.update(bufferPointer: UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(hasher.finalize() == SHA256.hash(data: []))
  }
}
