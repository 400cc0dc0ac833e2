import ImageFixtures
import Tar
import Testing

struct TarReaderTests {
  /// What a reader finds: entries with their content.
  private func read(_ bytes: [UInt8], step: Int = .max) throws -> [(entry: TarEntry, content: [UInt8])] {
    let reader = TarReader(MemorySource(bytes, step: step))
    var found: [(TarEntry, [UInt8])] = []
    while let entry = try reader.next() {
      var content: [UInt8] = []
      try reader.readBody { content.append(contentsOf: $0) }
      found.append((entry, content))
    }
    return found
  }

  @Test(arguments: [1, 7, 511, 512, 513, .max])
  func aReaderFindsTheSameWhateverItsInputIsCutInto(step: Int) throws {
    var tar = TarBuilder()
    tar.add("dir/", "5")
    tar.add("dir/file", "0", String(repeating: "x", count: 1000))
    tar.add("link", "2", link: "dir/file")
    tar.add("empty")

    let found = try read(tar.finished(), step: step)

    #expect(found.map(\.entry.title) == ["dir/", "dir/file", "link", "empty"])
    #expect(found.map(\.entry.kind) == [.directory, .regular, .symbolicLink, .regular])
    #expect(found.map(\.content.count) == [0, 1000, 0, 0])
  }

  @Test func contentThatNobodyReadsIsPassedOver() throws {
    var tar = TarBuilder()
    tar.add("big", "0", String(repeating: "x", count: 700_000))
    tar.add("next", "0", "y")
    let reader = TarReader(MemorySource(tar.finished()))

    #expect(try reader.next()?.title == "big")
    #expect(try reader.next()?.title == "next")
    #expect(try reader.next() == nil)
  }

  @Test func aPaxHeaderReplacesWhatTheOldHeaderSays() throws {
    var entry = TarBuilder.Entry("short", "0", "abc", link: "")
    let long = String(repeating: "directory/", count: 30) + "ü"
    entry.pax = [
      ("path", Array(long.utf8)), ("uid", Array("3000000".utf8)), ("gid", Array("4".utf8)),
      ("mtime", Array("-1.25".utf8)), ("SCHILY.xattr.user.a=b", [1]),
      ("SCHILY.xattr.security.capability", [0, 10, 255]),
    ]

    let found = try #require(try read(TarBuilder.archive([entry])).first?.entry)

    #expect(found.name == Array(long.utf8))
    #expect(found.owner == 3_000_000)
    #expect(found.group == 4)
    #expect(found.modified.seconds == -2)
    #expect(found.modified.nanoseconds == 750_000_000)
    #expect(found.attributes.map(\.name) == [Array("user.a".utf8), Array("security.capability".utf8)])
    #expect(found.attributes.last?.value == [0, 10, 255])
  }

  @Test func gnuLongNamesAreTakenWhole() throws {
    let name = String(repeating: "n", count: 300)
    var tar = TarBuilder()
    tar.addLong("L", name)
    tar.addLong("K", name + "l")
    tar.add("cut", "2", link: "cut")

    let found = try #require(try read(tar.finished()).first?.entry)

    #expect(found.title.hasPrefix("nnn"))
    #expect(found.name.count == 300)
    #expect(found.linkName.count == 301)
  }

  @Test(arguments: ["-0000000001", "77777777777x", "9", "\u{7F}"])
  func aSizeThatIsNoNumberIsRefused(size: String) {
    var entry = TarBuilder.Entry("culprit")
    entry.sizeText = size
    #expect { try read(TarBuilder.archive([entry])) } throws: { ($0 as? TarError)?.entry == "culprit" }
  }

  @Test(arguments: [
    ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] as [UInt8], "negative"),
    ([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "almost all there is"),
    ([0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "more than fits"),
  ])
  func aBinarySizeThatCannotBeIsRefused(field: [UInt8], what: String) {
    var bytes = TarBuilder.archive([.init("culprit", "0", "content")])
    bytes.replaceSubrange(124..<136, with: field)
    fixChecksum(&bytes)
    #expect(throws: TarError.self, "\(what)") { try read(bytes) }
  }

  @Test(arguments: ["S", "D", "M", "V", "Z"] as [Character])
  func otherKindsOfEntriesAreRefusedByName(type: Character) {
    let bytes = TarBuilder.archive([.init("culprit", type)])
    #expect { try read(bytes) } throws: { error in
      (error as? TarError).map { $0.isUnsupported && $0.entry == "culprit" } ?? false
    }
  }

  @Test(arguments: ["", "5", "99 path=x\n", "7 path=\n8 path", "6 path\n", "18446744073709551616 path=a\n", "0 a=b\n"])
  func aMalformedExtendedHeaderIsRefused(records: String) throws {
    var tar = TarBuilder()
    tar.add("PaxHeaders/x", "x", records)
    tar.add("file")
    if records.isEmpty {
      #expect(try read(tar.finished()).count == 1)
    } else {
      #expect(throws: TarError.self) { try read(tar.finished()) }
    }
  }

  @Test func anExtendedHeaderOfMoreThanAMebibyteIsRefused() {
    var tar = TarBuilder()
    tar.add("PaxHeaders/x", "x", String(repeating: "x", count: 1 << 20 | 1))
    tar.add("file")
    #expect(throws: TarError.self) { try read(tar.finished()) }
  }

  @Test func anArchiveThatIsCutAnywhereIsNeverReadAsWhole() throws {
    var tar = TarBuilder()
    var first = TarBuilder.Entry("first", "0", String(repeating: "a", count: 1500))
    first.pax = [("path", Array("renamed".utf8))]
    tar.add(first)
    tar.add("second", "0", "b")
    let whole = tar.finished()
    // Where all is there but padding: after the first file, and after the second.
    let firstEnds = 1024 + 512 + 1500
    let secondEnds = 512 * 7 + 1
    for length in 1..<secondEnds where !(firstEnds...512 * 6).contains(length) {
      let error = #expect(throws: TarError.self, "at \(length)") { try read(Array(whole[..<length])).count }
      #expect(error?.reason.contains("ends") == true)
    }
    #expect(try read(Array(whole[..<firstEnds])).count == 1)
    #expect(try read(Array(whole[..<secondEnds])).count == 2)
  }

  @Test func garbageNeverCrashesTheReader() {
    var random = SplitMix(state: 42)
    var tar = TarBuilder()
    var entry = TarBuilder.Entry("a", "0", "content")
    entry.pax = [("path", Array("b".utf8)), ("size", Array("7".utf8))]
    tar.add(entry)
    tar.addLong("L", "name")
    tar.add("c", "2", link: "d")
    let seed = tar.finished()
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      for block in stride(from: 0, to: bytes.count, by: 512) where Bool.random(using: &random) {
        fixChecksum(&bytes, at: block)
      }
      do { _ = try read(bytes) } catch { #expect(error is TarError) }
    }
  }

  private func fixChecksum(_ bytes: inout [UInt8], at offset: Int = 0) {
    for index in 148..<156 { bytes[offset + index] = UInt8(ascii: " ") }
    let sum = bytes[offset..<offset + 512].reduce(0) { $0 + Int($1) }
    let text = Array(String(sum, radix: 8).utf8)
    let field = [UInt8](repeating: UInt8(ascii: "0"), count: 6 - text.count) + text + [0, UInt8(ascii: " ")]
    bytes.replaceSubrange(offset + 148..<offset + 156, with: field)
  }
}

/// Numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
