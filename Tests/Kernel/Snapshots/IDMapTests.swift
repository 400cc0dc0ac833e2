import Foundation
import ImageFixtures
import LinuxKernel
import NIOPosix
import Snapshots
import Testing

/// Trees of the host whose files are shown under other ids. Needs root, and a file system that can do so.
struct IDMapTests {
  private static let ids = IDMap(users: [.init(stored: 1000, shown: 7, count: 2)], groups: [.identity])

  private static let isSupported: Bool = {
    do {
      let folder = try TemporaryFolder()
      let tree = try FileDescriptor.cloneMount(folder.path, recursive: false)
      try tree.mapIDs(ids, recursive: false)
      return true
    } catch { return false }
  }()

  private let folder: TemporaryFolder
  private var file: String { "\(folder.path)/host/file" }

  init() throws {
    folder = try TemporaryFolder()
    for name in ["view", "root/vol", "host"] { try Directory.make("\(folder.path)/\(name)", mode: 0o755) }
    try AtomicFile.write([], to: file, mode: 0o644, durability: .visible)
  }

  /// What has a view with the host's folder in it; on a thread of its own, as a view wants it.
  private func view(_ ids: IDMap?) async throws -> TreeView {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let path = folder.path
    let bind = TreeView.Bind(
      source: "\(path)/host", target: "/vol", isReadOnly: false, isRecursive: true, ids: ids)
    let view = try await thread.runIfActive {
      try TreeView(at: "\(path)/view", binds: [bind], isReadOnly: false) {
        try FileDescriptor.cloneMount("\(path)/root", recursive: false)
          .attachMount(to: try FileDescriptor.open($0, [.pathOnly, .directory]))
      }
    }
    try await thread.shutdownGracefully()
    return view
  }

  @Test(.enabled(if: isSupported)) func `files have the owners that they are shown with`() async throws {
    #expect(chown(file, 1001, 1001) == 0)
    let view = try await view(Self.ids)
    let shown = try view.root.open(at: "/vol/file", .readOnly, resolve: .inRoot).status()
    #expect(shown.owner == 8 && shown.group == 1001)
    try view.root.open(at: "/vol/file", .readOnly, resolve: .inRoot).setOwner(7, 5)
    let stored = try #require(try FileStatus.of(file))
    #expect(stored.owner == 1000 && stored.group == 5)
    #expect(throws: SyscallError.self) {
      try view.root.open(at: "/vol/file", .readOnly, resolve: .inRoot).setOwner(1000, 5)
    }
    #expect(throws: SyscallError.self) {
      _ = try view.root.open(at: "/vol/roots", [.writeOnly, .create], mode: 0o600, resolve: .inRoot)
    }
  }

  @Test func `without a map they are as they are`() async throws {
    #expect(chown(file, 1001, 1001) == 0)
    let view = try await view(nil)
    #expect(try view.root.open(at: "/vol/file", .readOnly, resolve: .inRoot).status().owner == 1001)
  }

  @Test func `a file system that cannot do it says so`() throws {
    let error = #expect(throws: SyscallError.self) {
      try FileDescriptor.cloneMount("/proc", recursive: false).mapIDs(Self.ids, recursive: false)
    }
    #expect("\(error, default: "")".contains("mount_setattr"))
  }
}
