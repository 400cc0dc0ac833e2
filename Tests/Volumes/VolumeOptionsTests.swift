import LinuxKernel
import Testing

@testable import Volumes

struct VolumeOptionsTests {
  @Test func `what the kernel is to know is kept from what the file system is to know`() throws {
    let options = try VolumeOptions(["type": "ext4", "device": "/dev/x", "o": "ro,nosuid,data=ordered,exec,defaults,"])
    let mount = try #require(options.mount)
    #expect(mount.flags == [.readOnly, .noSetUID] && mount.data == "data=ordered" && mount.propagation.isEmpty)
  }

  @Test func `the last of two that contradict counts`() throws {
    let mount = try #require(try VolumeOptions(["type": "none", "device": "/x", "o": "rbind,ro,rw,rslave"]).mount)
    #expect(mount.flags == [.bind, .recursive] && mount.propagation == [.slave, .recursive])
  }

  @Test func `owner and mode`() throws {
    let options = try VolumeOptions(["uid": "7", "mode": "2770"])
    #expect(options.mount == nil && options.owner.uid == 7 && options.owner.gid == nil && options.owner.mode == 0o2770)
    #expect(try VolumeOptions([:]).owner == VolumeOwner())
  }

  @Test func `a size limits, unless it is nothing`() throws {
    #expect(try VolumeOptions(["size": "10m"]).limit == 10 << 20)
    #expect(try VolumeOptions(["size": "0"]).limit == nil && VolumeOptions([:]).limit == nil)
  }

  @Test(
    arguments: [
      (["type": "tmpfs"], "missing required option: \"device\""),
      (["device": "x"], "missing required option: \"type\""),
      (["o": "ro"], "missing required option: \"device\""), (["z": "1", "a": "2"], "invalid option: \"a\""),
      (["size": "-1"], "invalid size: '-1'"), (["size": "1x"], "invalid suffix: 'x'"),
      (
        ["type": "tmpfs", "device": "x", "size": "1m"],
        "size goes with a volume that nothing is mounted on: give it in \"o\""
      ),
      (["uid": "4294967295"], "invalid value for option uid: \"4294967295\""),
      (["mode": "10000"], "invalid value for option mode: \"10000\""),
      (["type": "tmpfs", "device": "x", "o": "remount"], "invalid mount option: \"remount\""),
      (
        ["type": "tmpfs", "device": "x", "o": String(repeating: "a", count: 4096)],
        "the options of a mount are too long, or not text"
      ),
      (["type": "t", "device": "a\0b"], "the options of a mount are too long, or not text"),
    ] as [([String: String], String)])
  func `what is wrong is named`(values: [String: String], message: String) {
    #expect(throws: VolumeError.invalid(message)) { try VolumeOptions(values) }
  }

  @Test func `a password is not told`() throws {
    let values = ["type": "nosuchfs", "device": "x", "o": "user=a,password=secret"]
    let mount = try #require(try VolumeOptions(values).mount)
    let error = #expect(throws: VolumeError.self) { try mount.mount(at: "/proc/self") }
    #expect("\(error, default: "")".contains("password=********") && !"\(error, default: "")".contains("secret"))
  }

  @Test func `options survive the database`() throws {
    let volume = Volume(name: "one", createdAt: 1, options: ["type": "tmpfs", "device": "tmpfs"])
    #expect(try Volume(name: "one", details: volume.details) == volume)
  }
}
