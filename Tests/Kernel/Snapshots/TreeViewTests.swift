import Foundation
import ImageFixtures
import LinuxKernel
import NIOPosix
import OCIImageSpec
import Snapshots
import Testing

/// Looking into containers from outside.
struct TreeViewTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["view", "rootfs", "host"] { try Directory.make("\(folder.path)/\(name)") }
  }

  private func write(_ text: String, _ path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644, durability: .visible)
  }

  private func read(_ path: String, in view: TreeView) throws -> String {
    let file = try view.root.open(at: path, .readOnly, resolve: [.inRoot, .noMagicLinks])
    return String(decoding: try file.readAll(), as: UTF8.self)
  }

  private func layer(_ driver: any Snapshotter, _ fill: (String) throws -> Void) throws -> Digest {
    let chainID = ImageArchive.digest([1])
    let draft = try driver.prepareLayer(chainID, parent: nil)
    try fill(draft.directory)
    try driver.commitLayer(draft)
    return chainID
  }

  /// On a thread of its own, as a view wants it.
  private func view(
    binds: [TreeView.Bind] = [], isReadOnly: Bool = false, _ mount: @escaping @Sendable (String) throws -> Void
  ) async throws -> TreeView {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let place = "\(folder.path)/view"
    let view = try await thread.runIfActive {
      try TreeView(at: place, binds: binds, isReadOnly: isReadOnly, mount: mount)
    }
    try await thread.shutdownGracefully()
    return view
  }

  private func isMountedAnywhere() throws -> Bool {
    String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self).contains(folder.path)
  }

  @Test(arguments: [Driver.overlay, .vfs]) func `a view is for its holder alone`(driver: Driver) async throws {
    let driver = try driver.make(in: folder.path)
    let chainID = try layer(driver) { directory throws in
      try Directory.make("\(directory)/vol")
      try write("of the image", "\(directory)/file")
    }
    try write("of the host", "\(folder.path)/host/file")
    let bind = TreeView.Bind(
      source: "\(folder.path)/host", target: "/vol", isReadOnly: true, isRecursive: true)
    let missing = TreeView.Bind(source: "/nonexistent", target: "/vol", isReadOnly: false, isRecursive: true)
    let view = try await view(binds: [bind, missing]) {
      try driver.viewContainer("c", on: chainID, at: $0)
    }
    #expect(try read("/file", in: view) == "of the image")
    #expect(try read("/vol/file", in: view) == "of the host")
    #expect(throws: SyscallError.self) { try read("/proc/self/status", in: view) }
    for path in ["vol/new", "new"] {
      #expect(throws: SyscallError.self) {
        _ = try view.root.open(at: path, [.writeOnly, .create], mode: 0o600, resolve: .inRoot)
      }
    }
    #expect(try Directory.names("\(folder.path)/view") == [] && !isMountedAnywhere())
  }

  @Test(arguments: [Driver.overlay, .vfs])
  func `a view of what is mounted is the same tree`(driver: Driver) async throws {
    let driver = try driver.make(in: folder.path)
    let rootfs = "\(folder.path)/rootfs"
    try driver.mountContainer("c", on: nil, at: rootfs)
    let view = try await view { place in
      try FileDescriptor.cloneMount(rootfs, recursive: false)
        .attachMount(to: try FileDescriptor.open(place, [.pathOnly, .directory]))
    }
    try write("seen at once", "\(rootfs)/file")
    #expect(try read("/file", in: view) == "seen at once")
    try driver.unmountContainer("c", at: rootfs)
    #expect(try read("/file", in: view) == "seen at once")
    #expect(try !isMountedAnywhere())
  }

  @Test(arguments: Driver.allCases)
  func `changes are what differs from the layers`(driver: Driver) async throws {
    let rootfs = "\(folder.path)/rootfs"
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let driver = try driver.make(in: folder.path)
    let chainID = try layer(driver) { directory throws in
      for path in ["etc/deep", "gone/below", "kept"] { try Directory.make("\(directory)/\(path)") }
      for path in ["etc/passwd", "etc/group", "etc/deep/file", "gone/below/file", "kept/file"] {
        try write("x", "\(directory)/\(path)")
      }
    }
    let layers = try await view { try driver.viewLayers(of: chainID, at: $0) }
    #expect(try driver.containerChanges("c", to: layers.root, ignoring: []) == [])
    try driver.mountContainer("c", on: chainID, at: rootfs)
    try write("longer", "\(rootfs)/etc/deep/file")
    #expect(unlink("\(rootfs)/etc/group") == 0)
    try Directory.removeTree("\(rootfs)/gone")
    try Directory.make("\(rootfs)/new/inner")
    try Directory.make("\(rootfs)/dev/pts")
    #expect(chmod("\(rootfs)/kept", 0o711) == 0)
    let changes = try driver.containerChanges("c", to: layers.root, ignoring: ["/dev"])
    try driver.unmountContainer("c", at: rootfs)
    #expect(
      changes
        == [
          ("/etc", .modified), ("/etc/deep", .modified), ("/etc/deep/file", .modified), ("/etc/group", .deleted),
          ("/gone", .deleted), ("/kept", .modified), ("/new", .added), ("/new/inner", .added),
        ].map { TreeChange(path: Array($0.utf8), kind: $1) })
  }
}
