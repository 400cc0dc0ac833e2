import Glibc
import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Testing

@testable import Snapshots

/// What is left behind by containers that mean harm, and by calls that fail half way.
struct RemainsTests {
  private static let trees = Driver.allCases.filter { $0 != .overlay }
  private let folder: TemporaryFolder
  private let base = ImageArchive.digest([1])
  private let top = ImageArchive.digest([2])
  private var target: String { "\(folder.path)/rootfs" }

  init() throws {
    folder = try TemporaryFolder()
    try Directory.make("\(folder.path)/rootfs")
  }

  private func on(_ driver: Driver, _ body: (any Snapshotter, String) throws -> Void) throws {
    let disk = try driver.makeDisk(in: folder.path)
    try body(try driver.make(in: folder.path), driver.root(in: folder.path))
    try disk?.unmount()
  }

  private func layer(
    _ chainID: Digest, on parent: Digest?, _ driver: any Snapshotter, _ fill: (String) throws -> Void
  ) throws {
    let draft = try driver.prepareLayer(chainID, parent: parent)
    try fill(draft.directory)
    try driver.commitLayer(draft)
  }

  private func write(_ bytes: Int, _ path: String) throws {
    try AtomicFile.write([UInt8](repeating: 1, count: bytes), to: path, durability: .visible)
  }

  private func run(_ command: String) throws {
    try #require(system("\(command) >/dev/null 2>&1") == 0, "\(command)")
  }

  /// Makes a directory in `path` that no path leads to, as it would be too long.
  private func withDeepDirectory(in path: String, _ body: (String) throws -> Void) throws {
    let name = String(repeating: "d", count: 250)
    var directory = try FileDescriptor.open(path, [.readOnly, .directory])
    for _ in 0..<20 {
      try directory.makeDirectory(at: name, mode: 0o755)
      directory = try directory.open(at: name, [.readOnly, .directory])
    }
    try body("/proc/\(getpid())/fd/\(directory.number)")
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func `subvolumes go, read-only ones and those that are too deep`() throws {
    try on(.btrfs) { _, root in
      let path = "\(root)/drafts/x"
      try Subvolume.make(path)
      for name in ["one", "one/two", "one/three"] { try Subvolume.make("\(path)/\(name)") }
      for name in ["file", "two/file"] { try write(1, "\(path)/one/\(name)") }
      try withDeepDirectory(in: "\(path)/one/three") { deep in
        try Subvolume.make("\(deep)/four")
        try Subvolume.make("\(deep)/four/five")
        try run("btrfs property set -ts \(deep)/four ro true")
      }
      for name in ["one/two", "one"] { try run("btrfs property set -ts \(path)/\(name) ro true") }
      try Subvolume.remove(path)
      #expect(try Directory.names("\(root)/drafts") == [])
    }
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func `subvolumes in copies go, too`() throws {
    try on(.vfsOnBtrfs) { snapshotter, root in
      try snapshotter.mountContainer("c", on: nil, at: target)
      for name in ["one", "one/two", "three"] { try Subvolume.make("\(target)/\(name)") }
      for name in ["one/two", "three"] { try Directory.make("\(target)/\(name)/full/of/folders") }
      for name in ["one/two", "three"] { try run("btrfs property set -ts \(target)/\(name) ro true") }
      try snapshotter.unmountContainer("c", at: target)
      try snapshotter.removeContainer("c")
      #expect(try Directory.names("\(root)/drafts") == [])
    }
  }

  @Test(arguments: Driver.allCases) func `what is in trees that are too deep for paths is counted`(
    driver: Driver
  ) throws {
    try on(driver) { snapshotter, _ in
      try layer(base, on: nil, snapshotter) { directory throws in
        try withDeepDirectory(in: directory) { deep in
          try write(1000, "\(deep)/file")
          let folder = try FileDescriptor.open(deep, [.readOnly, .directory])
          try folder.makeHardLink(at: "again", to: "file", in: folder)
        }
      }
      #expect(try snapshotter.layerUsage(base).size == 1000 && snapshotter.layerSizeCounted(base) == 1000)
      try layer(top, on: base, snapshotter) { directory throws in
        try withDeepDirectory(in: directory) { deep in try write(50, "\(deep)/other") }
      }
      #expect(try snapshotter.layerSizeCounted(top) == 50)
      try snapshotter.mountContainer("c", on: base, at: target)
      let before = try snapshotter.containerUsage("c")
      try Directory.make("\(target)/of-its-own")
      try withDeepDirectory(in: "\(target)/of-its-own") { deep in try write(300, "\(deep)/file") }
      let usage = try snapshotter.containerUsage("c")
      try snapshotter.unmountContainer("c", at: target)
      #expect(before.size == 0 && before.inodes == 1)
      #expect(usage.size == 300 && usage.inodes == 23)
      try snapshotter.removeContainer("c")
    }
  }

  @Test func `of two drafts of one layer the first stays`() throws {
    let snapshotter = try OverlaySnapshotter(root: folder.path)
    let drafts = try (0..<2).map { _ in try snapshotter.prepareLayer(base, parent: nil) }
    // As if neither had seen the other.
    for draft in drafts { try snapshotter.adopt(draft) }
    #expect(try snapshotter.layers() == [base])
    #expect(try Directory.names("\(folder.path)/drafts") == [])
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func `what was counted of a subvolume goes with it`() throws {
    try on(.btrfs) { _, root in
      let path = "\(root)/drafts/x"
      try Subvolume.make(path)
      try Subvolume.limit(path, to: 1 << 20)
      let id = "btrfs subvolume list \(root) | grep drafts/x | cut -d' ' -f2"
      try run("\(id) >\(folder.path)/id && btrfs qgroup show \(root) | grep \"^0/$(cat \(folder.path)/id) \"")
      try Subvolume.remove(path)
      try run("btrfs subvolume sync \(root); ! btrfs qgroup show \(root) | grep \"^0/$(cat \(folder.path)/id) \"")
    }
  }

  @Test(arguments: Driver.allCases) func `drafts that cannot be removed are set aside`(driver: Driver) throws {
    try on(driver) { snapshotter, root in
      for name in ["before/x", "stuck/mounted", "zbehind/x"] { try Directory.make("\(root)/drafts/\(name)") }
      try Mounts.mount("none", on: "\(root)/drafts/stuck/mounted", type: "tmpfs")
      let found = Result { try snapshotter.recover() }
      let left = try Directory.names("\(root)/unreadable")
      let place = left.first.map { "\(root)/unreadable/\($0)" } ?? "\(root)/drafts/stuck"
      try Mounts.detach("\(place)/mounted")
      #expect(try found.get().map(\.path) == [place])
      #expect(try found.get().first?.reason.hasPrefix("it cannot be removed: ") == true)
      #expect(left.first?.hasPrefix("drafts-stuck.") == true)
      #expect(try Directory.names("\(root)/drafts") == [])
    }
  }

  @Test(arguments: trees) func `a layer that cannot be begun leaves nothing`(driver: Driver) throws {
    try on(driver) { snapshotter, root in
      try layer(base, on: nil, snapshotter) { directory throws in try write(5, "\(directory)/file") }
      // It fails behind the copy of the layer below on btrfs, and in it on the others.
      if driver == .btrfs {
        try write(1, "\(root)/layers/\(base.encoded)/diff")
      } else {
        try Directory.removeTree("\(root)/layers/\(base.encoded)/tree")
      }
      #expect(throws: SnapshotError.self) { try snapshotter.prepareLayer(top, parent: base) }
      #expect(try Directory.names("\(root)/drafts") == [])
    }
  }

  @Test(arguments: Driver.allCases) func `the files of a layer are counted as they are`(driver: Driver) throws {
    try on(driver) { snapshotter, _ in
      try layer(base, on: nil, snapshotter) { directory throws in
        try Directory.make("\(directory)/folder")
        try write(1000, "\(directory)/folder/below")
        try write(10, "\(directory)/both")
      }
      try layer(top, on: base, snapshotter) { directory throws in
        try Directory.make("\(directory)/folder")
        try write(300, "\(directory)/folder/above")
        try write(10, "\(directory)/both")
        try FileDescriptor.open(directory, [.readOnly, .directory]).makeHardLink(
          at: "again", to: "both", in: try FileDescriptor.open(directory, [.readOnly, .directory]))
      }
      for (chainID, size) in [(base, Int64(1010)), (top, 310)] {
        #expect(try snapshotter.layerSizeCounted(chainID) == size)
        #expect(try snapshotter.layerUsage(chainID).size == size)
      }
      try FileDescriptor.open("\(snapshotter.layerDirectory(top))/folder/above", .writeOnly).truncate(to: 299)
      #expect(try snapshotter.layerSizeCounted(top) == 309)
    }
  }
}
