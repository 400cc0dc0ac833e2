import ImageFixtures
import JSON
import OCIImageSpec
import Testing

@testable import Images

struct ManifestChoiceTests {
  private func descriptor(_ platform: String, _ tag: UInt8) -> Descriptor {
    var descriptor = Descriptor(mediaType: .manifest, digest: ImageArchive.digest([tag]), size: 1)
    descriptor.platform = Platform.parse(platform)
    return descriptor
  }

  @Test(
    arguments: [
      ("linux/amd64", ["linux/arm64", "linux/amd64"], 1), ("linux/amd64", ["linux/amd64/v3", "linux/amd64/v1"], 1),
      ("linux/amd64/v3", ["linux/amd64", "linux/amd64/v2", "linux/amd64/v4"], 1),
      ("linux/arm64", ["linux/arm/v7", "linux/arm64/v8"], 1), ("linux/arm/v7", ["linux/arm/v5", "linux/arm/v6"], 1),
      ("linux/arm/v6", ["linux/arm/v7", "linux/arm/v5"], 1), ("linux/arm", ["linux/arm/v6", "linux/arm/v7"], 1),
      ("linux/amd64", ["windows/amd64"], nil), ("linux/amd64", ["linux/amd64/v2"], nil),
      ("linux/386", ["linux/386"], 0),
      ("linux/amd64", ["linux/amd64", "linux/amd64/v1"], 0), ("linux/arm/v6", ["linux/arm/x"], nil),
    ] as [(String, [String], Int?)])
  func theBestIsChosen(_ wanted: String, _ offered: [String], _ expected: Int?) throws {
    var index = Index()
    index.manifests = offered.enumerated().map { descriptor($0.element, UInt8($0.offset)) }
    let best = PlatformChoice.best(of: index, for: try #require(Platform.parse(wanted)))
    #expect(best == expected.map { index.manifests[$0] })
  }

  @Test func whatIsForNoMachineIsNotChosen() {
    var index = Index()
    index.manifests = [Descriptor(mediaType: .manifest, digest: .ofNothing, size: 0), descriptor("unknown/unknown", 1)]
    #expect(PlatformChoice.best(of: index, for: Platform(os: "linux", architecture: "amd64")) == nil)
  }

  @Test(arguments: [
    ("linux/x86_64", "linux/amd64"), ("aarch64", "linux/arm64"), ("linux", "linux/amd64"), ("arm/v7", "arm/v7"),
    ("Linux/ARM/v7", "linux/arm/v7"), ("armhf", "linux/arm/v7"),
  ])
  func platformsAreRead(_ text: String, _ expected: String) {
    let host = Platform(os: "linux", architecture: "amd64")
    #expect(Platform.parse(text, host: host)?.description == expected)
  }

  @Test(arguments: ["", "/", "linux/", "a/b/c/d", "!!", "linux/amd 64", "ä"])
  func nonsenseIsNoPlatform(_ text: String) { #expect(Platform.parse(text) == nil) }

  private func document(_ text: String, _ type: String) throws -> ManifestDocument {
    try ManifestDocument(RemoteManifest(bytes: Array(text.utf8), mediaType: type, digest: .ofNothing))
  }

  @Test(arguments: [
    (#"{"schemaVersion":2,"manifests":[],"layers":[]}"#, MediaType.index.rawValue),
    (#"{"schemaVersion":2,"manifests":[],"config":{}}"#, ""),
    (
      #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#,
      MediaType.manifest.rawValue
    ),
    (#"{"schemaVersion":1}"#, ""), (#"{"schemaVersion":2,"manifests":[]}"#, "text/html"),
    (#"{"schemaVersion":3,"manifests":[]}"#, MediaType.index.rawValue), ("[]", ""), ("", ""),
  ])
  func doubtfulDocumentsAreRefused(_ text: String, _ type: String) {
    #expect(throws: ImageError.self) { try document(text, type) }
  }

  @Test(arguments: [MediaType.index.rawValue, "", "application/json"])
  func anIndexIsOne(_ type: String) throws {
    guard case .index = try document(#"{"schemaVersion":2,"manifests":[]}"#, type) else {
      Issue.record("it is no index")
      return
    }
  }
}
