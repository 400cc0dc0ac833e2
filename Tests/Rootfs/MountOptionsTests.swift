import LinuxKernel
import Testing

@testable import Rootfs

@Suite struct MountOptionsTests {
  @Test func everyNamedOptionIsUnderstood() throws {
    for name in MountOption.names { #expect(try MountOption.effect(of: name) != nil, "\(name)") }
  }

  @Test(
    arguments: [
      (["ro", "nosuid", "nodev", "noexec"], Mounts.Flags([.readOnly, .noSetUID, .noDevices, .noExecution])),
      (["ro", "rw"], []),
      (["rw", "ro"], .readOnly),
      (["noatime", "relatime"], .relativeAccessTime),
      (["strictatime", "sync"], [.strictAccessTime, .synchronous]),
      (["defaults"], []),
    ] as [([String], Mounts.Flags)]) func flags(_ options: [String], _ flags: Mounts.Flags) throws
  {
    #expect(try MountOptions(options).flags == flags)
  }

  @Test func theLastAccessTimeCounts() throws {
    let options = try MountOptions(["noatime", "strictatime"])
    #expect(options.set == .strictAccessTime)
    #expect(options.clear == .accessTimeField)
  }

  @Test func bindsAndPropagation() throws {
    let options = try MountOptions(["rbind", "rprivate", "shared", "rro"])
    #expect(options.isBind && options.isRecursiveBind)
    #expect(options.propagation == [[.private, .recursive], .shared])
    #expect(options.recursiveSet == .readOnly)
    #expect(options.set.isEmpty)
  }

  @Test func theFileSystemGetsTheRest() throws {
    #expect(try MountOptions(["size=64k", "nosuid", "mode=1777"]).data == "size=64k,mode=1777")
  }

  @Test(arguments: ["remount"]) func unsupported(_ option: String) {
    #expect(throws: UnsupportedOption(option: option)) { try MountOptions(["ro", option]) }
  }
}
