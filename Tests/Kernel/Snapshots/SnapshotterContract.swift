import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Snapshots
import Testing

/// What ``Snapshotter`` promises, as tests that every driver runs.
struct SnapshotterContract {
  private let folder: TemporaryFolder
  private var target: String { "\(folder.path)/rootfs" }

  init() throws {
    folder = try TemporaryFolder()
    try Directory.make("\(folder.path)/rootfs")
  }

  private func write(_ text: String, _ path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644, durability: .visible)
  }

  private func read(_ path: String) throws -> String { String(decoding: try AtomicFile.read(path), as: UTF8.self) }

  /// Makes a layer that `fill` fills.
  @discardableResult
  private func layer(
    _ number: UInt8, on parent: Digest?, _ driver: any Snapshotter, _ fill: (String) throws -> Void
  ) throws -> Digest {
    let chainID = ImageArchive.digest([number])
    let draft = try driver.prepareLayer(chainID, parent: parent)
    try fill(draft.directory)
    try driver.commitLayer(draft)
    return chainID
  }

  private func mounted(_ driver: any Snapshotter, on chainID: Digest?, _ body: () throws -> Void) throws {
    try driver.mountContainer("container", on: chainID, at: target)
    let result = Result { try body() }
    try driver.unmountContainer("container", at: target)
    #expect(try Directory.names(target) == [])
    try result.get()
  }

  @Test(arguments: Driver.allCases)
  func aContainerSeesTheTopmostOfEachFile(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in
      try write("below", "\(directory)/both")
      try write("base", "\(directory)/base")
    }
    let top = try layer(2, on: base, driver) { directory throws in try write("above", "\(directory)/both") }

    try mounted(driver, on: top) { () throws in
      #expect(try read("\(target)/both") == "above")
      #expect(try read("\(target)/base") == "base")
    }
  }

  @Test(arguments: Driver.allCases)
  func removedEntriesAreGone(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in
      try Directory.make("\(directory)/opaque/below")
      try Directory.make("\(directory)/gone/below")
      try write("x", "\(directory)/file")
      try write("x", "\(directory)/stays")
    }
    let top = try layer(2, on: base, driver) { directory throws in
      let root = try FileDescriptor.open(directory, [.readOnly, .directory])
      for name in ["gone", "file"] { try driver.removeEntry(Array(name.utf8CString), in: root) }
      try Directory.make("\(directory)/opaque")
      try driver.removeLowerEntries(of: try FileDescriptor.open("\(directory)/opaque", [.readOnly, .directory]))
      try write("new", "\(directory)/opaque/new")
    }

    try mounted(driver, on: top) { () throws in
      #expect(try Directory.names(target).sorted() == ["opaque", "stays"])
      #expect(try Directory.names("\(target)/opaque") == ["new"])
    }
  }

  @Test(arguments: Driver.allCases)
  func whatAContainerWritesStaysWithItAndLeavesTheLayerAlone(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in try write("image", "\(directory)/file") }

    try mounted(driver, on: base) { () throws in
      try write("container", "\(target)/file")
      try write("12345", "\(target)/new")
    }
    try mounted(driver, on: base) { () throws in
      #expect(try read("\(target)/file") == "container")
      #expect(try read("\(target)/new") == "12345")
    }
    let usage = try driver.containerUsage("container")
    #expect(usage.size == 14 && usage.inodes == 3 && usage.allocated >= 14)
    #expect(try driver.containers() == ["container"])
    try driver.removeContainer("container")
    try driver.removeContainer("container")
    #expect(try driver.containers() == [])
    try mounted(driver, on: base) { () throws in #expect(try Directory.names(target) == ["file"]) }
    try driver.removeContainer("container")
  }

  @Test(arguments: Driver.allCases)
  func aContainerNeedsNoLayer(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    try mounted(driver, on: nil) { () throws in
      #expect(try Directory.names(target) == [])
      try write("x", "\(target)/file")
    }
    try driver.removeContainer("container")
  }

  @Test(arguments: Driver.allCases)
  func aHundredAndTwentyEightLayersAreNotTooMany(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    var top: Digest?
    for number in 0..<UInt8(128) {
      top = try layer(number, on: top, driver) { directory throws in
        try write("\(number)", "\(directory)/last")
        try write("x", "\(directory)/\(number)")
      }
    }
    try mounted(driver, on: top) { () throws in
      #expect(try read("\(target)/last") == "127")
      #expect(try Directory.names(target).count == 129)
    }
    try driver.removeContainer("container")
  }

  @Test(arguments: Driver.allCases)
  func theRootDirectoryIsTheTopmostLayers(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in
      let root = try FileDescriptor.open(directory, [.readOnly, .directory])
      try root.setOwner(12, 34)
      try root.setMode(0o1750)
    }
    let top = try layer(2, on: base, driver) { _ in }
    try mounted(driver, on: top) { () throws in
      let status = try #require(try FileStatus.of(target))
      #expect(status.owner == 12)
      #expect(status.group == 34)
      #expect(status.permissions == 0o1750)
    }
    try driver.removeContainer("container")
  }

  @Test(arguments: Driver.allCases)
  func layersAreSeenAndNotWritten(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in try write("base", "\(directory)/file") }
    let top = try layer(2, on: base, driver) { directory throws in try write("top", "\(directory)/other") }
    let seen: [(Digest?, [String])] = [(top, ["file", "other"]), (base, ["file"]), (nil, [])]
    for (chainID, names) in seen {
      // Twice at once, as two containers may have it.
      for _ in 0..<2 { try driver.viewLayers(of: chainID, at: target) }
      #expect(try Directory.names(target).sorted() == names)
      #expect(
        performing: { try write("x", "\(target)/new") }, throws: { ($0 as? SyscallError)?.errno == .readOnlyFileSystem }
      )
      for _ in 0..<2 { try driver.unmountContainer("none", at: target) }
      #expect(try Directory.names(target) == [])
    }
    let missing = ImageArchive.digest([99])
    #expect(throws: SnapshotError.layerNotFound(missing)) { try driver.viewLayers(of: missing, at: target) }
  }

  @Test(arguments: Driver.allCases)
  func aLayerUnderAContainerStays(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { _ in }
    let other = try layer(2, on: nil, driver) { _ in }
    try mounted(driver, on: base) {}

    #expect(throws: SnapshotError.layerInUse(base, by: "container")) { try driver.removeLayer(base) }
    #expect(throws: SnapshotError.otherLayer(id: "container", existing: base)) {
      try driver.mountContainer("container", on: other, at: target)
    }
    try driver.removeContainer("container")
    try driver.removeLayer(base)
    try driver.removeLayer(base)
    #expect(try driver.layers() == [other])
  }

  @Test(arguments: Driver.allCases)
  func usageCountsAFileOnceHoweverManyNamesItHas(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { directory throws in
      try write("12345", "\(directory)/one")
      let root = try FileDescriptor.open(directory, [.readOnly, .directory])
      try root.makeHardLink(at: "two", to: "one", in: root)
      try Directory.make("\(directory)/dir")
    }
    let usage = try driver.layerUsage(base)
    #expect(usage.size == 5 && usage.inodes == 3 && usage.allocated >= 5)
  }

  @Test(arguments: Driver.allCases)
  func aDeepFolderIsNoObstacle(driver: Driver) throws {
    let deep = folder.path + String(repeating: "/quite-a-long-name-for-a-folder", count: 12)
    try Directory.make(deep)
    let disk = try driver.makeDisk(in: deep)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: deep)
    let base = try layer(1, on: nil, driver) { directory throws in try write("x", "\(directory)/file") }
    try mounted(driver, on: base) { () throws in #expect(try Directory.names(target) == ["file"]) }
    try driver.removeContainer("container")
  }

  @Test(arguments: Driver.allCases)
  func mountingOnNothingFailsAndLeavesNothingMounted(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let base = try layer(1, on: nil, driver) { _ in }
    #expect(throws: SnapshotError.self) {
      try driver.mountContainer("container", on: base, at: "\(folder.path)/nowhere")
    }
    let missing = ImageArchive.digest([99])
    #expect(throws: SnapshotError.layerNotFound(missing)) {
      try driver.mountContainer("other", on: missing, at: target)
    }
    #expect(try driver.containers().contains("other") == false)
    try driver.unmountContainer("container", at: target)
    try driver.removeContainer("container")
  }
}
