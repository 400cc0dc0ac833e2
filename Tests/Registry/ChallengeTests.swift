import Testing

@testable import Registry

struct ChallengeTests {
  @Test(arguments: [
    (#"Basic realm="basic-realm""#, [Challenge(scheme: "basic", parameters: ["realm": "basic-realm"])]),
    (
      #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
      [
        Challenge(
          scheme: "bearer",
          parameters: [
            "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
            "scope": "repository:a/b:pull,push",
          ])
      ]
    ),
    (
      #"Bearer realm="a" , service=b, BASIC Realm="say \"hi\"""#,
      [
        Challenge(scheme: "bearer", parameters: ["realm": "a", "service": "b"]),
        Challenge(scheme: "basic", parameters: ["realm": "say \"hi\""]),
      ]
    ),
    (
      "Negotiate, Basic",
      [Challenge(scheme: "negotiate", parameters: [:]), Challenge(scheme: "basic", parameters: [:])]
    ),
    ("", []), (",,, ,", []), ("=", []),
    (
      #"Bearer realm="never ends"#,
      [Challenge(scheme: "bearer", parameters: [:]), Challenge(scheme: "realm", parameters: [:])]
    ),
  ])
  func aHeaderIsRead(_ header: String, _ expected: [Challenge]) {
    #expect(Challenge.all(in: header) == expected)
  }

  @Test func noiseIsBounded() {
    #expect(Challenge.all(in: String(repeating: "a, ", count: 1000)).count == 16)
    #expect(Challenge.all(in: String(repeating: "a, ", count: 10_000)).isEmpty)
  }
}
