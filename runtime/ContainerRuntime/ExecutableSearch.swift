internal import Glibc
internal import LinuxKernel

/// Finds the program that `args[0]` means, inside the container. Engines tell "not found" (127) from "not allowed" (126)
/// by these words, which are Go's.
enum ExecutableSearch {
  static func find(_ name: String, environment: [String]) throws(RuntimeError) -> String {
    if name.utf8.contains(UInt8(ascii: "/")) {
      if let reason = whyNot(name) { throw RuntimeError("exec: \"\(name)\": \(reason)") }
      return name
    }
    let folders = Environment.value(of: "PATH", in: environment) ?? ""
    for folder in folders.fields(":", keepingEmpty: true) {
      let path = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
      if whyNot(path) == nil { return path }
    }
    throw RuntimeError("exec: \"\(name)\": executable file not found in $PATH")
  }

  /// `nil` if `path` is a file that this process may execute.
  private static func whyNot(_ path: String) -> String? {
    var status = stat()
    if stat(path, &status) < 0 { return "stat \(path): \(String(cString: strerror(errno)).lowercased())" }
    if status.st_mode & S_IFMT == S_IFDIR { return "is a directory" }
    return status.st_mode & 0o111 != 0 && mayExecute(path) ? nil : "permission denied"
  }

  /// `faccessat2(2)` is younger than many seccomp profiles: where a filter denies it (EPERM, which is none of its own
  /// answers to this question), `execve(2)` is left to answer.
  private static func mayExecute(_ path: String) -> Bool {
    faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 || errno == EPERM
  }
}
