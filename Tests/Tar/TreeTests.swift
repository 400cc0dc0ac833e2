import Foundation
import ImageFixtures
import LinuxKernel
import Tar
import Testing

/// Archives of trees, and trees of archives, in a folder of the test's own.
struct TreeTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "proa-tree-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try Directory.removeTree(folder) } }
    try body(folder)
  }

  private func open(_ path: String) throws -> FileDescriptor { try FileDescriptor.open(path, [.pathOnly, .directory]) }

  private func bytes(_ archive: TreeArchive) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try archive.next() { bytes += piece }
    return bytes
  }

  private func names(_ archive: [UInt8]) throws -> [String] {
    let reader = TarReader(MemorySource(archive))
    var names: [String] = []
    while let entry = try reader.next() { names.append(String(decoding: entry.name, as: UTF8.self)) }
    return names
  }

  private func unpack(
    _ entries: [TarBuilder.Entry], in folder: String, place: String = "",
    _ change: (inout TreeUnpacker.Options) -> Void = { _ in }
  ) throws {
    var options = TreeUnpacker.Options()
    options.ownership = .caller
    change(&options)
    let reader = TarReader(MemorySource(TarBuilder.archive(entries)))
    try TreeUnpacker(
      root: try open(folder), top: try open("\(folder)/\(place)"), place: Array(place.utf8), options
    ).unpack(reader)
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func `of changes there is what was changed, and what is above`() throws {
    try withFolder { folder in
      try Directory.make("\(folder)/a/b/c")
      try Directory.make("\(folder)/untouched")
      for name in ["a/b/c/new", "a/b/other", "a/other", "gone-but-here"] {
        try "x".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
      }
      var changes = ChangedPaths()
      changes.add(Array("/a/b/c/new".utf8), isGone: false)
      changes.add(Array("/a/b/missing".utf8), isGone: true)
      changes.add(Array("/vanished".utf8), isGone: false)
      changes.add(Array("/removed".utf8), isGone: true)
      let archive = try bytes(TreeArchive(of: try open(folder), named: nil, changes: changes))
      #expect(try names(archive) == ["a/", "a/b/", "a/b/c/", "a/b/c/new", "a/b/.wh.missing", ".wh.removed"])
    }
  }

  @Test func `a tree comes back as it was`() throws {
    try withFolder { folder in
      try Directory.make("\(folder)/a/b/c")
      try Data(repeating: 7, count: 700_000).write(to: URL(filePath: "\(folder)/a/b/big"))
      try "small".write(toFile: "\(folder)/a/small", atomically: false, encoding: .utf8)
      #expect(symlink("../small", "\(folder)/a/b/link") == 0)
      #expect(link("\(folder)/a/small", "\(folder)/a/zz") == 0)
      let archive = try bytes(TreeArchive(of: try open("\(folder)/a"), named: Array("x".utf8)))
      #expect(try names(archive) == ["x/", "x/b/", "x/b/big", "x/b/c/", "x/b/link", "x/small", "x/zz"])
      try Directory.make("\(folder)/copy")
      var options = TreeUnpacker.Options()
      options.ownership = .caller
      options.name = Array("y".utf8)
      try TreeUnpacker(root: try open("\(folder)/copy"), top: try open("\(folder)/copy"), place: [], options).unpack(
        TarReader(MemorySource(archive)))
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/copy/y/b/big")) == Data(repeating: 7, count: 700_000))
      #expect(try text("\(folder)/copy/y/b/link") == "small")
      #expect(try FileStatus.of("\(folder)/copy/y/zz")?.links == 2)
    }
  }

  @Test(
    arguments: [
      (nil, ["d/", "d/f"]), ("", ["/", "/d/", "/d/f"]), (".", ["./", "./d/", "./d/f"]),
    ] as [(String?, [String])])
  func `the names in an archive are as it is called`(name: String?, expected: [String]) throws {
    try withFolder { folder in
      try Directory.make("\(folder)/d")
      try "x".write(toFile: "\(folder)/d/f", atomically: false, encoding: .utf8)
      #expect(try names(bytes(TreeArchive(of: try open(folder), named: name.map { Array($0.utf8) }))) == expected)
    }
  }

  @Test func `one entry is archived by its own or another name`() throws {
    try withFolder { folder in
      try "x".write(toFile: "\(folder)/f", atomically: false, encoding: .utf8)
      let file = Array("f".utf8CString)
      #expect(try names(bytes(TreeArchive(ofEntry: file, in: try open(folder)))) == ["f"])
      #expect(try names(bytes(TreeArchive(ofEntry: file, in: try open(folder), named: Array("g".utf8)))) == ["g"])
    }
  }

  @Test func `no link leads out of the tree`() throws {
    try withFolder { folder in
      try Directory.make("\(folder)/root/\(folder)")
      #expect(symlink(folder, "\(folder)/root/out") == 0)
      try unpack([.init("out/file", "0", "inside")], in: "\(folder)/root")
      #expect(try FileStatus.of("\(folder)/file") == nil)
      #expect(try text("\(folder)/root/\(folder)/file") == "inside")
      try Directory.make("\(folder)/root/place")
      try unpack([.init("l", "2", link: "../../.."), .init("l/file", "0", "x")], in: "\(folder)/root", place: "/place")
      #expect(try text("\(folder)/root/file") == "x")
      #expect(try Directory.names(folder) == ["root"])
    }
  }

  @Test func `names that lead out are refused`() throws {
    try withFolder { folder in
      try Directory.make("\(folder)/place")
      #expect(throws: TarError(entry: "", reason: "\"a/../../x\" is outside of \"/place\"")) {
        try unpack([.init("a/../../x")], in: folder, place: "place")
      }
      #expect(throws: TarError.self) { try unpack([.init("h", "1", link: "../x")], in: folder, place: "place") }
      #expect(throws: TarError.self) {
        try unpack([.init("x/../../up")], in: folder, place: "place") { $0.name = Array("y".utf8) }
      }
    }
  }

  @Test func `what is there is replaced, unless kinds are kept`() throws {
    try withFolder { folder in
      try Directory.make("\(folder)/d/inner")
      try "old".write(toFile: "\(folder)/f", atomically: false, encoding: .utf8)
      for (entry, reason) in [
        (TarBuilder.Entry("d", "0", "x"), "cannot overwrite directory \"/d\" with non-directory \"/\""),
        (TarBuilder.Entry("f", "5"), "cannot overwrite non-directory \"/f\" with directory \"/\""),
      ] {
        #expect(throws: TarError(entry: "", reason: reason)) {
          try unpack([entry], in: folder) { $0.keepsKinds = true }
        }
      }
      try unpack([.init("d", "5"), .init("f", "0", "new")], in: folder) { $0.keepsKinds = true }
      #expect(try text("\(folder)/f") == "new" && FileStatus.of("\(folder)/d/inner") != nil)
      try unpack([.init("d", "0", "file"), .init("f", "5")], in: folder)
      #expect(try text("\(folder)/d") == "file" && FileStatus.of("\(folder)/f")?.kind == .directory)
    }
  }
}
