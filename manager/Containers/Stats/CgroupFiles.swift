internal import LinuxKernel

/// The kernel's files of a cgroup.
struct CgroupFiles: Sendable {
  private let kept: KeptFiles

  init(_ budget: FileBudget) { kept = KeptFiles(budget) }

  /// Empty if there is no such file: which there are depends on the kernel and on the controllers that are on.
  func text(_ path: String) throws(SyscallError) -> String {
    do throws(SyscallError) { return String(decoding: try kept.read(path), as: UTF8.self) } catch {
      // ENODEV: the cgroup is being removed.
      guard error.errno == .noEntry || error.errno == .noDevice || error.errno == .notSupported else { throw error }
      return ""
    }
  }

  /// A file with one number; `nil` if it says `max`, or is not there.
  func number(_ path: String) throws(SyscallError) -> UInt64? {
    let text = try text(path)
    return UInt64(text.hasSuffix("\n") ? text.dropLast() : text[...])
  }

  /// A file with a name and a number on each line.
  func table(_ path: String) throws(SyscallError) -> [String: UInt64] {
    var table: [String: UInt64] = [:]
    for line in try text(path).fields("\n") {
      let fields = line.fields(" ")
      if fields.count == 2, let value = UInt64(fields[1]) { table[String(fields[0])] = value }
    }
    return table
  }
}
