import Glibc
import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Testing

@testable import Snapshots

/// What the drivers that keep whole trees do besides what all do.
struct TreeSnapshotterTests {
  private static let drivers = Driver.allCases.filter { $0 != .overlay }
  private let folder: TemporaryFolder
  private var target: String { "\(folder.path)/rootfs" }
  private let base = ImageArchive.digest([1])
  private let top = ImageArchive.digest([2])

  init() throws {
    folder = try TemporaryFolder()
    try Directory.make("\(folder.path)/rootfs")
  }

  private func write(_ text: String, _ path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644, durability: .visible)
  }

  private func read(_ path: String) throws -> String { String(decoding: try AtomicFile.read(path), as: UTF8.self) }

  private func layer(
    _ chainID: Digest, on parent: Digest?, _ driver: any Snapshotter, _ fill: (String) throws -> Void
  ) throws {
    let draft = try driver.prepareLayer(chainID, parent: parent)
    try fill(draft.directory)
    try driver.commitLayer(draft)
  }

  private func mounted(_ driver: any Snapshotter, on chainID: Digest?, _ body: () throws -> Void) throws {
    try driver.mountContainer("c", on: chainID, at: target)
    let result = Result { try body() }
    try driver.unmountContainer("c", at: target)
    try result.get()
  }

  private func on(_ driver: Driver, _ body: (any Snapshotter) throws -> Void) throws {
    let disk = try driver.makeDisk(in: folder.path)
    try body(try driver.make(in: folder.path))
    try disk?.unmount()
  }

  private func changes(_ driver: any Snapshotter, _ chainID: Digest) throws -> [TreeChange] {
    try driver.containerChanges(
      "c", to: try FileDescriptor.open(driver.layerDirectory(chainID), [.readOnly, .directory]), ignoring: [])
  }

  @Test(arguments: drivers)
  func `what changes its kind between layers is what the upper one says`(driver: Driver) throws {
    try on(driver) { driver in
      try layer(base, on: nil, driver) { directory throws in
        for name in ["becomes-file/inner", "stays", "noted"] { try Directory.make("\(directory)/\(name)", mode: 0o755) }
        for name in ["becomes-directory", "becomes-link", "stays/below"] { try write("x", "\(directory)/\(name)") }
        let noted = try FileDescriptor.open("\(directory)/noted", [.readOnly, .directory])
        try noted.setAttribute("user.old", to: [1])
        try noted.setAttribute("user.both", to: [1])
      }
      try layer(top, on: base, driver) { directory throws in
        let root = try FileDescriptor.open(directory, [.readOnly, .directory])
        try write("now a file", "\(directory)/becomes-file")
        try Directory.make("\(directory)/becomes-directory/inner")
        try root.makeSymbolicLink(at: "becomes-link", to: "nowhere")
        try Directory.make("\(directory)/stays", mode: 0o711)
        try Directory.make("\(directory)/noted")
        let noted = try FileDescriptor.open("\(directory)/noted", [.readOnly, .directory])
        try noted.setAttribute("user.both", to: [2])
        try noted.setTimes(seconds: 1_000_000_000, nanoseconds: 5)
        try root.makeHardLink(at: "becomes-link2", to: "becomes-file", in: root)
      }
      try mounted(driver, on: top) { () throws in
        #expect(try read("\(target)/becomes-file") == "now a file")
        #expect(try FileStatus.of("\(target)/becomes-link2")?.links == 2)
        #expect(try Directory.names("\(target)/becomes-directory") == ["inner"])
        #expect(try FileStatus.of("\(target)/becomes-link")?.kind == .symbolicLink)
        #expect(try FileStatus.of("\(target)/stays")?.permissions == 0o711)
        #expect(try read("\(target)/stays/below") == "x")
        let noted = try FileDescriptor.open("\(target)/noted", [.readOnly, .directory])
        #expect(try noted.attribute("user.old") == nil && noted.attribute("user.both") == [2])
        let status = try noted.status()
        #expect(status.modified == 1_000_000_000 && status.modifiedNanoseconds == 5)
      }
      try driver.removeContainer("c")
      try driver.removeLayer(top)
      try mounted(driver, on: base) { () throws in
        #expect(try Directory.names("\(target)/becomes-file") == ["inner"])
        #expect(try read("\(target)/becomes-directory") == "x")
      }
      try driver.removeContainer("c")
    }
  }

  @Test(arguments: drivers) func `a container has all that its image's files are`(driver: Driver) throws {
    let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    try on(driver) { driver in
      try layer(base, on: nil, driver) { directory throws in
        let root = try FileDescriptor.open(directory, [.readOnly, .directory])
        let file = try FileDescriptor.open("\(directory)/sparse", [.writeOnly, .create])
        try file.truncate(to: 8 << 20)
        try write("ping", "\(directory)/ping")
        let ping = try FileDescriptor.open("\(directory)/ping")
        try ping.setOwner(1000, 2000)
        try ping.setMode(0o4755)
        try ping.setAttribute("security.capability", to: capability)
        try ping.setTimes(seconds: 1_000_000_000, nanoseconds: 7)
        try root.makeHardLink(at: "pong", to: "ping", in: root)
        try root.makeSymbolicLink(at: "link", to: "/nowhere")
        try root.makeNode(.characterDevice(major: 1, minor: 3), at: "null", mode: 0o666)
        try root.makeNode(.fifo, at: "pipe", mode: 0o600)
      }
      try mounted(driver, on: base) { () throws in
        let ping = try #require(try FileStatus.of("\(target)/ping"))
        #expect(ping.owner == 1000 && ping.group == 2000 && ping.permissions == 0o4755 && ping.links == 2)
        #expect(ping.modified == 1_000_000_000 && ping.modifiedNanoseconds == 7)
        #expect(try FileDescriptor.open("\(target)/ping").attribute("security.capability") == capability)
        let sparse = try #require(try FileStatus.of("\(target)/sparse"))
        #expect(sparse.size == 8 << 20 && sparse.allocated < 1 << 20)
        let null = try #require(try FileStatus.of("\(target)/null"))
        #expect(null.deviceNumbers == (1, 3))
        #expect(try FileStatus.of("\(target)/pipe")?.kind == .fifo)
        #expect(try changes(driver, base) == [])
      }
      try driver.removeContainer("c")
    }
  }

  @Test(arguments: drivers) func `a change is found whose time was set back`(driver: Driver) throws {
    try on(driver) { driver in
      try layer(base, on: nil, driver) { directory throws in
        for name in ["changed", "touched"] {
          try write("before", "\(directory)/\(name)")
          try FileDescriptor.open("\(directory)/\(name)").setTimes(seconds: 1_000_000_000, nanoseconds: 0)
        }
      }
      try mounted(driver, on: base) { () throws in
        let file = try FileDescriptor.open("\(target)/changed", .writeOnly)
        try file.writeAll(Array("AFTER!".utf8))
        for name in ["changed", "touched"] {
          try FileDescriptor.open("\(target)/\(name)").setTimes(seconds: 1_000_000_000, nanoseconds: 0)
        }
        #expect(try changes(driver, base) == [TreeChange(path: Array("/changed".utf8), kind: .modified)])
      }
      try driver.removeContainer("c")
    }
  }

  @Test(arguments: drivers) func `a finished draft is what a layer would be`(driver: Driver) throws {
    try on(driver) { driver in
      try layer(base, on: nil, driver) { directory throws in try write("below", "\(directory)/below") }
      try layer(top, on: base, driver) { directory throws in try write("wrong", "\(directory)/file") }
      let draft = try driver.prepareLayer(ImageArchive.digest([3]), parent: base)
      try write("right", "\(draft.directory)/file")
      let finished = try driver.finishLayer(draft)
      #expect(try Directory.names(finished).sorted() == Directory.names(driver.layerDirectory(top)).sorted())
      try driver.replaceLayer(top, with: draft)
      #expect(try read("\(driver.layerDirectory(top))/file") == "right")
      #expect(try driver.layers().sorted { "\($0)" < "\($1)" }.count == 2)
      #expect(try driver.layerParents(top) == [base])
      #expect(try driver.layerUsage(top).size == 5)
    }
  }

  @Test func `layers of vfs share files, and containers none`() throws {
    let driver = try Driver.vfs.make(in: folder.path)
    try layer(base, on: nil, driver) { directory throws in try write("x", "\(directory)/file") }
    try layer(top, on: base, driver) { directory throws in try write("y", "\(directory)/other") }
    let (below, above) = (driver.layerDirectory(base), driver.layerDirectory(top))
    #expect(try FileStatus.of("\(below)/file")?.inode == FileStatus.of("\(above)/file")?.inode)
    try mounted(driver, on: top) { () throws in
      let file = try #require(try FileStatus.of("\(target)/file"))
      #expect(try file.links == 1 && file.inode != FileStatus.of("\(above)/file")?.inode)
      try FileDescriptor.open("\(target)/file", .writeOnly).writeAll([0])
      #expect(try read("\(below)/file") == "x")
    }
    try driver.removeContainer("c")
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func `subvolumes that a container made go with it`() throws {
    try on(.btrfs) { driver in
      try mounted(driver, on: nil) { () throws in
        try Directory.make("\(target)/deep/er")
        try Subvolume.make("\(target)/deep/er/one")
        try Subvolume.make("\(target)/deep/er/one/two")
        try Directory.make("\(target)/deep/er/one/two/full/of/folders")
        try write("x", "\(target)/deep/er/one/two/full/of/folders/file")
      }
      try driver.removeContainer("c")
      #expect(try Directory.names("\(folder.path)/disk/snapshots/drafts") == [])
    }
  }

  @Test(arguments: drivers) func `what a killed process was making is gone at the next start`(driver: Driver) throws {
    let which = driver
    try on(driver) { driver in
      try layer(base, on: nil, driver) { directory throws in try write("x", "\(directory)/file") }
      let draft = try driver.prepareLayer(top, parent: base)
      try Directory.make("\(draft.directory)/a/b")
      let again = try which.make(in: folder.path)
      #expect(try again.recover() == [])
      #expect(try Directory.names("\(which.root(in: folder.path))/drafts") == [])
      #expect(try again.layers() == [base])
    }
  }
}
