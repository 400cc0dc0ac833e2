import OCIImageSpec
import Testing

struct ReferenceTests {
  private static let digest = "sha256:" + String(repeating: "ab", count: 32)

  @Test(arguments: [
    ("busybox", "docker.io/library/busybox:latest", "busybox:latest"),
    ("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"),
    ("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest"),
    ("index.docker.io/library/busybox", "docker.io/library/busybox:latest", "busybox:latest"),
    ("docker.io/a.b/thing", "docker.io/a.b/thing:latest", "docker.io/a.b/thing:latest"),
    ("someone/thing", "docker.io/someone/thing:latest", "someone/thing:latest"),
    ("a/b/c", "docker.io/a/b/c:latest", "a/b/c:latest"),
    ("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
    ("localhost/thing", "localhost/thing:latest", "localhost/thing:latest"),
    ("localhost:5000/thing:v1", "localhost:5000/thing:v1", "localhost:5000/thing:v1"),
    ("UPPER/thing", "UPPER/thing:latest", "UPPER/thing:latest"),
    ("ghcr.io/a/b_c/d--e:T.a-g_1", "ghcr.io/a/b_c/d--e:T.a-g_1", "ghcr.io/a/b_c/d--e:T.a-g_1"),
    ("[::1]:5000/thing", "[::1]:5000/thing:latest", "[::1]:5000/thing:latest"),
    ("[fe80::1]/thing", "[fe80::1]/thing:latest", "[fe80::1]/thing:latest"),
    ("busybox@\(digest)", "docker.io/library/busybox@\(digest)", "busybox@\(digest)"),
    ("busybox:1@\(digest)", "docker.io/library/busybox:1@\(digest)", "busybox:1@\(digest)"),
  ])
  func aNameIsCompletedAndShownShort(text: String, canonical: String, familiar: String) throws {
    let reference = try Reference(text)
    #expect(reference.canonical == canonical)
    #expect(reference.familiar == familiar)
    #expect(try Reference(familiar) == reference)
    #expect(try Reference(canonical) == reference)
  }

  @Test(arguments: [
    ("", ReferenceError.Reason.empty), ("Busybox", .upperCase), ("a/B", .upperCase), (":tag", .path), ("a:", .tag),
    ("a:-x", .tag), ("a:.x", .tag), ("a:b c", .tag), ("a b", .path), ("a//b", .path), ("/a", .path), ("a/", .path),
    ("-a", .path), ("a-", .path), ("a..b", .path), ("a___b", .path), ("a._b", .path), ("a@sha256:12", .digest),
    ("a@", .digest), ("ex ample.com/a", .domain), ("-x.com/a", .domain), ("a.b:x/c", .domain), ("a.b:/c", .domain),
    ("[::1/c", .domain), (".../a", .domain), (String(repeating: "ab", count: 32), .identifier),
    (String(repeating: "a", count: 300), .length), (String(repeating: "a", count: 10_000), .length),
    ("a:" + String(repeating: "t", count: 129), .tag), ("ä", .path), ("a\u{0}", .path), ("https://a/b", .domain),
  ])
  func whatIsNoNameIsRefusedForTheRightReason(text: String, reason: ReferenceError.Reason) {
    #expect { try Reference(text) } throws: { ($0 as? ReferenceError)?.reason == reason }
  }

  @Test func aDigestOfAnotherAlgorithmIsNamedAsSuch() {
    let text = "sha512:" + String(repeating: "0", count: 128)
    #expect(throws: DigestError.unsupportedAlgorithm(text)) { try Digest(text) }
  }

  @Test(arguments: ["", "sha256", "sha256:", "sha256:AB", "md5:00", "sha256:" + String(repeating: "A", count: 64)])
  func whatIsNoDigestIsRefused(text: String) {
    #expect(throws: DigestError.malformed(text)) { try Digest(text) }
  }

  @Test func whateverIsReadIsWrittenAndReadTheSame() {
    var state: UInt64 = 1
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(below))
    }
    let alphabet = Array("ab1AZ.:/_-@[] \u{0}é")
    var readable = 0
    for _ in 0..<100_000 {
      let text = String((0..<random(12)).map { _ in alphabet[random(alphabet.count)] })
      guard let reference = try? Reference(text) else { continue }
      readable += 1
      #expect((try? Reference(reference.canonical)) == reference, "\(text)")
      #expect((try? Reference(reference.familiar)) == reference, "\(text)")
    }
    #expect(readable > 100)
  }
}
