import Confinement
import FuzzDriver
import Glibc
import JSON
import OCIRuntimeSpec

// Whatever the profile: a program that the kernel may be given, or a reason.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let profile = try? LinuxSeccomp(jsonText: bytes) else { return 0 }
    do throws(ConfinementError) {
      let program = try SeccompFilter(profile).program
      precondition(!program.isEmpty && program.count % 8 == 0, "no whole instructions")
    } catch { precondition(!"\(error)".isEmpty) }
    return 0
  })
