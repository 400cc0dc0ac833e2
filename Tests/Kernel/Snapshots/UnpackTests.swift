import ImageFixtures
import Images
import LinuxKernel
import OCIImageSpec
import Testing

/// What a layer's entries become on the disk.
struct UnpackTests {
  private typealias Entry = TarBuilder.Entry

  /// Loads an image with these layers and looks at a container of it, with every driver.
  private func unpack(_ layers: [[Entry]], _ check: (String) throws -> Void) async throws {
    for driver in Driver.allCases {
      try await TestStores.run(driver) { stores async throws in
        let archive = ImageArchive.docker(layers.map(TarBuilder.archive))
        let image = try #require(try await stores.load(archive).first, "\(driver)")
        try stores.withContainer(on: image, check)
      }
    }
  }

  private func status(_ path: String) throws -> FileStatus { try #require(try FileStatus.of(path)) }

  @Test func ownerModeAndTimeAreTheEntrys() async throws {
    var entries = [Entry("dir/", "5"), Entry("dir/file", "0", "x"), Entry("dir/link", "2", link: "file")]
    for index in entries.indices {
      entries[index].owner = 1000 + UInt32(index)
      entries[index].group = 2000 + UInt32(index)
      entries[index].modified = 1_000_000_000 + Int64(index)
    }
    entries[0].mode = 0o2750
    entries[1].mode = 0o4755
    try await unpack([entries]) { root throws in
      for (index, name) in ["dir", "dir/file", "dir/link"].enumerated() {
        let status = try status("\(root)/\(name)")
        #expect(status.owner == 1000 + UInt32(index))
        #expect(status.group == 2000 + UInt32(index))
        #expect(status.modified == 1_000_000_000 + Int64(index), "\(name)")
      }
      #expect(try status("\(root)/dir").permissions == 0o2750)
      #expect(try status("\(root)/dir/file").permissions == 0o4755)
    }
  }

  @Test func attributesAndCapabilitiesSurviveTheChangeOfOwner() async throws {
    // Version 2, effective, cap_net_raw.
    let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var file = Entry("ping", "0", "x")
    file.owner = 7
    file.pax = [("SCHILY.xattr.security.capability", capability), ("SCHILY.xattr.user.note", Array("hi".utf8))]
    try await unpack([[file]]) { root throws in
      let ping = try FileDescriptor.open("\(root)/ping")
      #expect(try ping.attribute("security.capability") == capability)
      #expect(try ping.attribute("user.note") == Array("hi".utf8))
    }
  }

  @Test func hardLinksAreOneFile() async throws {
    try await unpack([[Entry("a/", "5"), Entry("a/one", "0", "x"), Entry("two", "1", link: "a/one")]]) { root throws in
      #expect(try status("\(root)/two").inode == status("\(root)/a/one").inode)
      #expect(try status("\(root)/two").links == 2)
    }
  }

  @Test func aHardLinkToASymbolicLinkIsOneToo() async throws {
    try await unpack([[Entry("soft", "2", link: "/nowhere"), Entry("hard", "1", link: "soft")]]) { root throws in
      #expect(try status("\(root)/hard").kind == .symbolicLink)
    }
  }

  @Test func devicesAndPipesAreMade() async throws {
    var null = Entry("null", "3")
    null.device = (1, 3)
    var loop = Entry("loop", "4")
    loop.device = (7, 300)
    try await unpack([[null, loop, Entry("pipe", "6")]]) { root throws in
      #expect(try status("\(root)/null").kind == .characterDevice)
      #expect(try status("\(root)/null").deviceNumbers == (1, 3))
      #expect(try status("\(root)/loop").kind == .blockDevice)
      #expect(try status("\(root)/loop").deviceNumbers == (7, 300))
      #expect(try status("\(root)/pipe").kind == .fifo)
    }
  }

  @Test func linksOnTheWayStayInsideTheLayer() async throws {
    let entries = [
      Entry("usr/lib/", "5"), Entry("lib", "2", link: "/usr/lib"), Entry("lib/a", "0", "a"),
      Entry("up", "2", link: "../../../../usr/lib"), Entry("up/b", "0", "b"),
    ]
    try await unpack([entries]) { root throws in
      #expect(try Directory.names("\(root)/usr/lib").sorted() == ["a", "b"])
    }
  }

  @Test func theLaterOfTwoEntriesCounts() async throws {
    let entries = [
      Entry("same", "0", "first"), Entry("same", "0", "second"),
      Entry("kind/", "5"), Entry("kind/inside"), Entry("kind", "0", "file"),
      Entry("kept/", "5"), Entry("kept/inside"), Entry("kept/", "5"),
      Entry("link", "2", link: "same"), Entry("link", "0", "own"),
    ]
    try await unpack([entries]) { root throws in
      #expect(try AtomicFile.read("\(root)/same") == Array("second".utf8))
      #expect(try AtomicFile.read("\(root)/kind") == Array("file".utf8))
      #expect(try AtomicFile.read("\(root)/link") == Array("own".utf8))
      #expect(try Directory.names("\(root)/kept") == ["inside"])
    }
  }

  @Test func namesAreBytesAndStartAtTheRoot() async throws {
    let latin: [UInt8] = [UInt8(ascii: "f"), 0xFC, UInt8(ascii: "r")]
    var strange = Entry("x", "0", "x")
    strange.pax = [("path", latin)]
    let entries = [strange, Entry("/absolute", "0", "x"), Entry("./dot//slashes///", "5"), Entry("a/../b", "0", "x")]
    try await unpack([entries]) { root throws in
      let names = try FileDescriptor.open(root, [.readOnly, .directory]).directoryNames()
      #expect(names.contains(latin.map(CChar.init(bitPattern:)) + [0]))
      #expect(try Directory.names(root).count == 4)
      #expect(try Directory.names("\(root)/dot") == ["slashes"])
    }
  }

  @Test func directoriesThatTheArchiveLeavesOutAreMade() async throws {
    try await unpack([[Entry("a/b/c/file", "0", "x")]]) { root throws in
      #expect(try status("\(root)/a/b").permissions == 0o755)
      #expect(try status("\(root)/a/b").owner == 0)
    }
  }

  @Test func whiteoutsHideWhatIsBelowAndNothingElse() async throws {
    let below = [
      Entry("file"), Entry("dir/", "5"), Entry("dir/old"), Entry("all/", "5"), Entry("all/old"), Entry("again/", "5"),
      Entry("again/old"), Entry("first/", "5"), Entry("first/old"),
    ]
    let above = [
      Entry(".wh.file"), Entry("dir/.wh.old"), Entry("dir/new"), Entry("all/new"), Entry("all/.wh..wh..opq"),
      // Removed and made again, in both orders.
      Entry(".wh.again"), Entry("again/", "5"), Entry("again/new"),
      Entry("first/", "5"), Entry("first/new"), Entry(".wh.first"),
      Entry(".wh..wh.plnk/", "5"),
    ]
    try await unpack([below, above]) { root throws in
      #expect(try Directory.names(root).sorted() == ["again", "all", "dir", "first"])
      for name in ["again", "all", "dir", "first"] { #expect(try Directory.names("\(root)/\(name)") == ["new"]) }
    }
  }

  @Test func aPathOfManyDirectoriesIsUnpackedAndRemoved() async throws {
    let deep = String(repeating: "d/", count: 1500)
    var entry = Entry("x", "0", "x")
    entry.pax = [("path", Array((deep + "file").utf8))]
    try await unpack([[entry]]) { root throws in #expect(try Directory.names(root) == ["d"]) }
  }
}
