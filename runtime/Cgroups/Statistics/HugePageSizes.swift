internal import LinuxKernel

/// The sizes of huge pages that this machine has, as the controller's files name them.
enum HugePageSizes {
  static func all() throws(CgroupError) -> [String] {
    let names: [String]
    do throws(SyscallError) { names = try Directory.folders(in: "/sys/kernel/mm/hugepages") } catch {
      // A kernel without huge pages.
      if error.errno == .noEntry { return [] }
      throw CgroupError(.kernel(error))
    }
    return names.compactMap(name).sorted()
  }

  /// `hugepages-2048kB` is `2MB`.
  static func name(_ folder: String) -> String? {
    guard folder.hasPrefix("hugepages-"), folder.hasSuffix("kB"), let size = UInt64(folder.dropFirst(10).dropLast(2))
    else { return nil }
    if size >= 1 << 20 { return "\(size >> 20)GB" }
    return size >= 1 << 10 ? "\(size >> 10)MB" : "\(size)KB"
  }
}
