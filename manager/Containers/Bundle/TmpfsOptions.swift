/// The options of `--tmpfs`, as Docker merges them with its defaults.
enum TmpfsOptions {
  private static let flags: Set<String> = [
    "defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync", "mand",
    "nomand", "atime", "noatime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime",
    "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable",
  ]
  private static let values: Set<String> = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]
  private static let standard = ["noexec", "nosuid", "nodev", "rprivate"]

  /// - Parameter text: `size=1m,exec`.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words, naming the option that a tmpfs has not.
  static func merged(_ text: String) throws(ContainerError) -> [String] {
    let given = text.split(separator: ",").map(String.init)
    for option in given {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 1 ? flags.contains(option) : isValue(parts[1], of: parts[0]) else {
        throw .invalid("invalid tmpfs option [\(parts.map(\.debugDescription).joined(separator: " "))]")
      }
    }
    // `exec`, `suid` or `dev` is given against the default.
    return standard.filter { !given.contains(String($0.dropFirst(2))) } + given.filter { $0 != "defaults" }
  }

  /// Whether the kernel will understand it (tmpfs(5)): what it does not, it refuses without a word.
  private static func isValue(_ text: String, of name: String) -> Bool {
    switch name {
    case "size" where text.hasSuffix("%"): UInt64(text.dropLast()) != nil
    case "size", "nr_inodes", "nr_blocks": isAmount(text)
    case "mode": text.utf8.count <= 5 && UInt32(text, radix: 8) != nil
    case "uid", "gid": UInt32(text) != nil
    default: values.contains(name)
    }
  }

  private static func isAmount(_ text: String) -> Bool {
    UInt64(text.last.map { "kmgtKMGT".contains($0) } == true ? text.dropLast() : text[...]) != nil
  }
}
