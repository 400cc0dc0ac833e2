import FuzzDriver
import Glibc
import JSON
import OCIRuntimeSpec
import Rootfs

// Whatever a configuration asks for: what is planned is mounted at an absolute path without detours, and not inside /proc
// but where that is known to be harmless.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let spec = try? Spec(jsonText: bytes) else { return 0 }
    do throws(RootfsError) {
      let plan = try RootfsPlan(spec, bundle: "/bundle", noPivot: false, hasUserNamespace: false)
      for mount in plan.mounts {
        let path = RootPath(mount.destination)
        precondition(path.text == mount.destination && path.last != nil, "\(mount.destination) has detours")
        guard path.parts.first == "proc", path.parts.count > 1 else { continue }
        let inside = path.parts.dropFirst().joined(separator: "/")
        precondition(PlannedMount.allowedInProc.contains(inside), "\(mount.destination) is inside /proc")
      }
      for path in plan.maskedPaths + plan.readonlyPaths { precondition(path.hasPrefix("/"), "\(path) is not absolute") }
      _ = plan.warnings
    } catch { precondition(!error.description.isEmpty) }
    return 0
  })
