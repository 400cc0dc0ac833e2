internal import Glibc

/// What this machine and this process's surroundings are.
public enum Machine {
  /// Bytes of memory.
  public static var memory: Int64 { Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))) }

  /// Processors that can be used now.
  public static var processors: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

  /// The variable of this process's environment, `nil` if it is not set.
  public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Whether there is something at `path`, behind all links, that this process may execute.
  public static func canExecute(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// Whether there is something at `path`, behind all links.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The path of the executable that this process runs.
  public static func ownExecutable() throws(SyscallError) -> String {
    try FileDescriptor.open("/proc/self", [.pathOnly, .directory]).symbolicLink(at: "exe")
  }
}
