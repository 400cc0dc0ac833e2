import ImageFixtures
import Images
import LinuxKernel
import OCIImageSpec
import Testing

struct LoadTests {
  private let layers = [
    TarBuilder.archive([.init("etc/", "5"), .init("etc/motd", "0", "welcome\n"), .init("gone", "0", "x")]),
    TarBuilder.archive([.init(".wh.gone"), .init("etc/", "5"), .init("etc/new", "0", "new\n")]),
  ]

  private static let forms: [(name: String, make: @Sendable ([[UInt8]]) -> [UInt8])] = [
    ("docker", { ImageArchive.docker($0) }), ("docker with layout", { ImageArchive.dockerWithLayout($0) }),
    ("layout", { ImageArchive.layout($0) }), ("nested layout", { ImageArchive.layout($0, nested: true) }),
  ]

  @Test(arguments: forms.indices)
  func everyFormOfAnArchiveGivesTheSameImage(form: Int) async throws {
    try await TestStores.run { stores async throws in
      let image = try #require(try await stores.load(Self.forms[form].make(layers)).first)

      #expect(image.names.map(\.familiar) == ["test:latest"])
      #expect(image.configuration == ImageArchive.configuration(layers))
      #expect(image.record.size == 8 + 1 + 4)
      try stores.withContainer(on: image) { root throws in
        #expect(try Directory.names(root).sorted() == ["etc"])
        #expect(try AtomicFile.read("\(root)/etc/motd") == Array("welcome\n".utf8))
        #expect(try AtomicFile.read("\(root)/etc/new") == Array("new\n".utf8))
      }
    }
  }

  @Test func layersThatTwoImagesShareAreKeptOnce() async throws {
    try await TestStores.run { stores async throws in
      try await stores.load(ImageArchive.docker([layers[0]], names: ["base:1"]))
      let before = try stores.snapshotter.layers().count
      try await stores.load(ImageArchive.docker(layers, names: ["top:1"]))
      #expect(before == 1)
      #expect(try stores.snapshotter.layers().count == 2)
    }
  }

  @Test func anArchiveCutAtAnyBlockIsRefusedAndLeavesNothing() async throws {
    try await TestStores.run { stores async throws in
      let archive = ImageArchive.docker(layers)
      // The last two blocks are empty, and the text before them does not fill its block.
      for length in stride(from: 0, to: archive.count - 1024, by: 512) {
        await #expect(throws: ImageError.self, "at \(length)") { try await stores.load(Array(archive[..<length])) }
        #expect(try await stores.inventory() == [], "at \(length)")
      }
      #expect(try await stores.load(archive).count == 1)
    }
  }

  private static let evil: [(culprit: String, entries: [TarBuilder.Entry])] = [
    ("../../escaped", [.init("../../escaped", "0", "x")]),
    ("a/../../escaped", [.init("a/../../escaped", "0", "x")]),
    ("shadow", [.init("door", "2", link: "/etc"), .init("shadow", "1", link: "door/hostname")]),
    ("shadow", [.init("door", "2", link: "../../../../etc"), .init("shadow", "1", link: "door/hostname")]),
    ("shadow", [.init("shadow", "1", link: "../../../etc/hostname")]),
    ("self", [.init("self", "0", "x"), .init("self", "1", link: "self")]),
    ("dir", [.init("d/", "5"), .init("dir", "1", link: "d")]),
    ("door/escaped", [.init("door", "2", link: "../../../../tmp"), .init("door/escaped", "0", "x")]),
    ("empty", [.init("empty", "2")]),
    (".wh.", [.init(".wh.", "0")]),
    ("d/.wh...", [.init("d/.wh...", "0")]),
    ("sparse", [.init("sparse", "S")]),
    ("file/below", [.init("file", "0", "x"), .init("file/below", "0", "x")]),
    (String(repeating: "long", count: 20), [.init(String(repeating: "long", count: 20) + "/../../up", "0")]),
    ("marked", [marked()]),
  ]

  private static func marked() -> TarBuilder.Entry {
    var entry = TarBuilder.Entry("marked", "5")
    entry.pax = [("SCHILY.xattr.trusted.overlay.redirect", Array("/etc".utf8))]
    return entry
  }

  @Test(arguments: evil.indices)
  func anEvilLayerIsRefusedByNameAndLeavesNothing(index: Int) async throws {
    let (culprit, entries) = Self.evil[index]
    try await TestStores.run { stores async throws in
      let archive = ImageArchive.docker([layers[0], TarBuilder.archive(entries)])
      await #expect {
        try await stores.load(archive)
      } throws: { error in
        guard let error = error as? ImageError else { return false }
        return error.description.contains(culprit)
      }
      #expect(try await stores.inventory() == [])
    }
  }

  @Test func aLayerThatIsNotTheConfigurationsIsRefused() async throws {
    try await TestStores.run { stores async throws in
      let archive = ImageArchive.docker([layers[0]], configuration: ImageArchive.configuration([layers[1]]))
      let expected = ImageError.digestMismatch(
        entry: "layer0/layer.tar", expected: ImageArchive.digest(layers[1]), actual: ImageArchive.digest(layers[0]))
      await #expect(throws: expected) { try await stores.load(archive) }
      #expect(try await stores.inventory() == [])
    }
  }

  @Test func aBlobThatDoesNotHaveItsDigestIsRefused() async throws {
    try await TestStores.run { stores async throws in
      let name = ImageArchive.blobName(layers[0])
      let archive = ImageArchive.layout([layers[0]]) { files in files[name]?[600] ^= 1 }
      await #expect {
        try await stores.load(archive)
      } throws: { error in
        guard case ImageError.digestMismatch(name, ImageArchive.digest(layers[0]), _) = error else { return false }
        return true
      }
      #expect(try await stores.inventory() == [])
    }
  }

  @Test func theImageIsThereAfterARestart() async throws {
    try await TestStores.run { stores async throws in
      let image = try #require(try await stores.load(ImageArchive.docker(layers)).first)
      let again = try await TestStores(stores.folder)
      #expect(try await again.images.resolve("test") == image.withTime)
      #expect(try await again.images.resolve(String(image.id.encoded.prefix(4))).id == image.id)
    }
  }

  @Test func whatAKilledProcessLeftIsRemovedAtTheNextStart() async throws {
    try await TestStores.run { stores async throws in
      try await stores.load(ImageArchive.docker(layers))
      let before = try await stores.inventory()
      let orphan = ImageArchive.digest([1])
      try stores.snapshotter.commitLayer(try stores.snapshotter.prepareLayer(orphan, parent: nil))
      try stores.content.ingest().commit()
      let again = try await TestStores(stores.folder)
      #expect(try await again.inventory() == before)
    }
  }

  @Test func aNameMovesToTheImageThatIsLoadedLast() async throws {
    try await TestStores.run { stores async throws in
      let old = try #require(try await stores.load(ImageArchive.docker([layers[0]])).first)
      let new = try #require(try await stores.load(ImageArchive.docker(layers)).first)
      #expect(try await stores.images.resolve("test:latest").id == new.id)
      #expect(try await stores.images.resolve(old.id.encoded).names == [])
    }
  }

  @Test func removingTheLastNameRemovesEverything() async throws {
    try await TestStores.run { stores async throws in
      let image = try #require(try await stores.load(ImageArchive.docker(layers)).first)
      try await stores.images.tag("test", as: Reference("other:2"))

      let first = try await stores.images.remove("test", force: false) { _ in .unused }
      let last = try await stores.images.remove("other:2", force: false) { _ in .unused }

      #expect(first == [.untagged(try Reference("test"))])
      #expect(last.prefix(2) == [.untagged(try Reference("other:2")), .deleted(image.id)])
      #expect(last.count == 2 + layers.count)
      #expect(try await stores.inventory() == [])
    }
  }

  @Test func anImageInUseIsNotRemoved() async throws {
    try await TestStores.run { stores async throws in
      let image = try #require(try await stores.load(ImageArchive.docker(layers)).first)
      await #expect(throws: ImageError.self) {
        try await stores.images.remove("test", force: false) { _ in .stopped(by: "abc") }
      }
      await #expect(throws: ImageError.self) {
        try await stores.images.remove(image.id.encoded, force: true) { _ in .running(by: "abc") }
      }
      #expect(try await stores.images.resolve("test").id == image.id)
    }
  }
}

extension ResolvedImage {
  /// As the service keeps it once it was recorded.
  fileprivate var withTime: ResolvedImage {
    var image = self
    image.record.lastTagged = 1_700_000_000_000_000_000
    return image
  }
}
