import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Rootfs

@Suite struct RootfsPlanTests {
  private func plan(_ change: (inout Spec) -> Void) throws -> RootfsPlan {
    var spec = Spec()
    var root = Root()
    root.path = "rootfs"
    spec.root = root
    spec.linux = Linux()
    change(&spec)
    return try RootfsPlan(spec, bundle: "/bundle", noPivot: false, hasUserNamespace: false)
  }

  private func mount(_ destination: String, _ type: String?, _ source: String?, _ options: [String] = []) -> Mount {
    var mount = Mount()
    (mount.destination, mount.type, mount.source, mount.options) = (destination, type, source, options)
    return mount
  }

  @Test func pathsStartFromTheBundle() throws {
    let plan = try plan { $0.mounts = [mount("/data", nil, "data", ["bind"])] }
    #expect(plan.rootPath == "/bundle/rootfs")
    guard case .bind("/bundle/data") = plan.mounts[0].kind else { return #expect(Bool(false)) }
  }

  @Test func sixDevicesAndThoseOfTheConfiguration() throws {
    var null = LinuxDevice()
    (null.type, null.path, null.major, null.minor, null.fileMode) = ("c", "/dev/null", 1, 3, 0o600)
    let devices = try #require(try plan { $0.linux?.devices = [null] }.devices)
    #expect(devices.count == 6)
    #expect(devices.filter { $0.path.text == "/dev/null" }.map { $0.mode & 0o777 } == [0o600])
  }

  @Test func boundDevIsLeftAlone() throws {
    #expect(try plan { $0.mounts = [mount("/dev/", "bind", "/dev", ["rbind"])] }.devices == nil)
  }

  /// What was read-only once all is mounted must not be so again.
  @Test func aRemountMakesWritable() throws {
    let first = mount("/a", "tmpfs", "tmpfs", ["ro"])
    #expect(try plan { $0.mounts = [first] }.mounts[0].options.flags == .readOnly)
    #expect(try plan { $0.mounts = [first, mount("/a/", nil, nil, ["remount", "rw"])] }.mounts[0].options.flags == [])
  }

  @Test func refusals() {
    func culprit(_ change: (inout Spec) -> Void) -> String? {
      do { _ = try plan(change) } catch { return (error as? RootfsError)?.culprit }
      return nil
    }
    #expect(culprit { $0.root = nil } == "root")
    #expect(culprit { $0.mounts = [mount("/a", nil, nil)] } == "mounts[0].type")
    #expect(culprit { $0.mounts = [mount("/a", "bind", nil)] } == "mounts[0].source")
    #expect(culprit { $0.mounts = [mount("", "proc", nil)] } == "mounts[0].destination")
    #expect(culprit { $0.mounts = [mount("/..", "tmpfs", nil)] } == "mounts[0].destination")
    #expect(culprit { $0.mounts = [mount("/a", "bind", "/b", ["size=1"])] } == nil)
    #expect(culprit { $0.mounts = [mount("/proc", "tmpfs", "x")] } == "mounts[0].destination")
    #expect(culprit { $0.mounts = [mount("/x/../proc/sys", "bind", "/b", ["bind"])] } == "mounts[0].destination")
    #expect(culprit { $0.mounts = [mount("/proc/cpuinfo", "bind", "/b", ["bind"])] } == nil)
    let bind = mount("/a", "bind", "/b", ["bind"])
    #expect(culprit { $0.mounts = [bind, mount("/a", nil, nil, ["remount", "size=1m"])] } == "mounts[1].options")
    #expect(culprit { $0.mounts = [bind, mount("/a/", nil, nil, ["remount", "sync"])] } == "mounts[1].options")
    #expect(culprit { $0.mounts = [bind, mount("/a", nil, nil, ["remount", "ro", "noexec"])] } == nil)
    #expect(culprit { $0.mounts = [mount("/a", nil, nil, ["remount", "idmap"])] } == "mounts[0].uidMappings")
    #expect(culprit { $0.linux?.maskedPaths = ["/a", "b"] } == "linux.maskedPaths[1]")
    #expect(culprit { $0.linux?.readonlyPaths = ["/"] } == "linux.readonlyPaths[0]")
    var device = LinuxDevice()
    (device.type, device.path) = ("c", "/dev/x")
    #expect(culprit { $0.linux?.devices = [device] } == "linux.devices[0].major")
    device.type = "z"
    #expect(culprit { $0.linux?.devices = [device] } == "linux.devices[0].type")
  }
}
