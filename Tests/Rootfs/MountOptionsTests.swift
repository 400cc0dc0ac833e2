import LinuxKernel
import Testing

@testable import Rootfs

@Suite struct MountOptionsTests {
  @Test func everyNamedOptionIsUnderstood() {
    for name in MountOption.names { #expect(MountOption.effect(of: name) != nil, "\(name)") }
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
    #expect(MountOptions(options).flags == flags)
  }

  @Test func theLastAccessTimeCounts() {
    let options = MountOptions(["noatime", "strictatime"])
    #expect(options.set == .strictAccessTime)
    #expect(options.clear == .accessTimeField)
  }

  @Test func bindsAndPropagation() {
    let options = MountOptions(["rbind", "rprivate", "shared", "rro"])
    #expect(options.isBind && options.isRecursiveBind)
    #expect(options.propagation == [[.private, .recursive], .shared])
    #expect(options.recursiveSet == .readOnly)
    #expect(options.set.isEmpty)
  }

  @Test func theFileSystemGetsTheRest() {
    #expect(MountOptions(["size=64k", "nosuid", "mode=1777"]).data == "size=64k,mode=1777")
  }

  @Test func aRemountKnowsWhatItClears() {
    let options = MountOptions(["remount", "rw", "suid", "nosuid", "atime", "async", "loud", "size=1m"])
    #expect(options.isRemount && options.data == "size=1m")
    #expect(options.cleared == [.readOnly, .noAccessTime])
    #expect(options.set == .noSetUID)
    #expect(options.superblock == ["async"])
  }
}
