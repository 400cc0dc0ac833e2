internal import LinuxKernel

/// The scope in which systemd keeps a container.
public struct SystemdUnit: Equatable, Sendable {
  /// `proa-box.scope`
  public let name: String
  /// `system.slice`; empty for one that was made before.
  let slice: String

  /// - Parameters:
  ///   - cgroupsPath: `slice:prefix:name`, where the slice may be left out, and nothing stands for `:proa:` and the id.
  ///   - isUser: whether the user's own systemd keeps it.
  init(_ cgroupsPath: String?, containerID: String, isUser: Bool) throws(CgroupError) {
    let text = cgroupsPath.flatMap { $0.isEmpty ? nil : $0 } ?? ":proa:\(containerID)"
    let parts = text.fields(":", keepingEmpty: true).map(String.init)
    guard parts.count == 3 else {
      throw Self.invalid("expected \"slice:prefix:name\" for the systemd cgroup driver, got \"\(text)\"")
    }
    slice = parts[0].isEmpty ? isUser ? "user.slice" : "system.slice" : parts[0]
    name = (parts[1].isEmpty ? "" : "\(parts[1])-") + "\(parts[2]).scope"
    guard !parts[2].isEmpty, !parts[2].hasSuffix(".slice"), Self.isName(name) else {
      throw Self.invalid("\"\(name)\" is no name of a scope")
    }
    _ = try path()
  }

  /// One that was made before.
  /// - Throws: if a state file names what can be no scope.
  init(loading name: String) throws(CgroupError) {
    guard name.hasSuffix(".scope"), Self.isName(name) else {
      throw CgroupError(.state("the saved unit \"\(name)\" is no scope"))
    }
    (self.name, slice) = (name, "")
  }

  /// Its group, from the group in which this systemd keeps everything: `a-b.slice` is in `a.slice`.
  func path() throws(CgroupError) -> String {
    guard slice.hasSuffix(".slice"), slice.utf8.count < 256, Self.isName(slice) else {
      throw Self.invalid("\"\(slice)\" is no name of a slice")
    }
    let words = slice.dropLast(6).fields("-", keepingEmpty: true)
    if slice == "-.slice" { return "/\(name)" }
    guard words.allSatisfy({ !$0.isEmpty }) else { throw Self.invalid("\"\(slice)\" is no name of a slice") }
    let folders = words.indices.map { words[...$0].joined(separator: "-") + ".slice" }
    return "/\(folders.joined(separator: "/"))/\(name)"
  }

  /// The characters that systemd allows, which are all harmless in a path; no `.` and `..`.
  private static func isName(_ text: String) -> Bool {
    text.utf8.count < 256 && !text.hasPrefix(".")
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || ":-_.\\@".utf8.contains(byte)
      }
  }

  private static func invalid(_ message: String) -> CgroupError {
    CgroupError(.invalid(message), path: "linux.cgroupsPath")
  }
}
