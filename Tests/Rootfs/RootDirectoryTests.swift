import Glibc
import LinuxKernel
import Testing

@testable import Rootfs

/// A directory that stands for a hostile image.
final class ImageFolder {
  let path: String

  init() throws {
    path = "/tmp/proa-rootfs-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    try Directory.make("\(path)/root/etc")
    try Directory.make("\(path)/outside")
  }

  func root() throws -> RootDirectory {
    RootDirectory(owning: try FileDescriptor.open("\(path)/root", [.pathOnly, .directory]))
  }

  func link(_ name: String, to target: String) throws {
    try #require(symlink(target, "\(path)/root/\(name)") == 0)
  }

  func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

  deinit {
    // A left-over folder below /tmp is no reason to fail a test that has passed.
    try? Directory.removeTree(path)
  }
}

@Suite struct RootDirectoryTests {
  @Test func makesDirectoriesAndFiles() throws {
    let image = try ImageFolder()
    let root = try image.root()
    _ = try root.openOrMakeDirectory("/a/b/c")
    _ = try root.openOrMakeFile("/x/y/file")
    #expect(image.exists("root/a/b/c"))
    #expect(try FileStatus.of("\(image.path)/root/x/y/file")?.kind == .regular)
  }

  @Test(arguments: ["/link/made", "/up/made", "/chain/made"]) func linksStayInside(_ path: String) throws {
    let image = try ImageFolder()
    try image.link("link", to: "/etc")
    try image.link("up", to: "../../../../../../../../etc")
    try image.link("chain", to: "link")
    _ = try image.root().openOrMakeDirectory(path)
    #expect(image.exists("root/etc/made"))
    #expect(!image.exists("made"))
  }

  @Test func danglingLinksAreMadeInside() throws {
    let image = try ImageFolder()
    try image.link("dir", to: "\(image.path)/outside/new")
    try image.link("file", to: "/not/there/yet")
    _ = try image.root().openOrMakeDirectory("/dir")
    _ = try image.root().openOrMakeFile("/file")
    #expect(!image.exists("outside/new"))
    #expect(image.exists("root\(image.path)/outside/new"))
    #expect(image.exists("root/not/there/yet"))
  }

  @Test func circlesEnd() throws {
    let image = try ImageFolder()
    try image.link("one", to: "two")
    try image.link("two", to: "one")
    let root = try image.root()
    #expect(throws: SyscallError.self) { _ = try root.openOrMakeDirectory("/one/x") }
    #expect(throws: SyscallError.self) { _ = try root.openOrMakeFile("/one") }
  }

  @Test func procIsNotEnteredThroughLinks() throws {
    let image = try ImageFolder()
    try image.link("proc", to: "/etc")
    let root = try image.root()
    #expect(throws: SyscallError.self) { _ = try root.openWithoutLinks("/proc") }
  }
}
