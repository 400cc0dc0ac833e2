internal import LinuxKernel

/// Paths as the command line gives them.
package enum BundlePath {
  /// `path` seen from the working directory, without `.`, `..` and double slashes.
  package static func absolute(_ path: String) throws(RuntimeError) -> String {
    var full = path
    if !path.hasPrefix("/") {
      full = try explaining { () throws(SyscallError) in try WorkingDirectory.path() } + "/" + path
    }
    var parts: [Substring] = []
    for part in full.fields("/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
