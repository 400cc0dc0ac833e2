internal import CLinux
internal import Glibc

/// Directories by path: made, renamed into place, read, removed.
public enum Directory {
  /// Makes the directory at `path`, and those above it that are missing; what is there already is left as it is.
  public static func make(_ path: String, mode: UInt32 = 0o700) throws(SyscallError) {
    do throws(SyscallError) { try check("mkdir", path) { mkdir(path, mode) } } catch {
      if error.errno == .exists, try FileStatus.of(path)?.kind != .regular { return }
      guard error.errno == .noEntry, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw error }
      try make(String(path[..<slash]), mode: mode)
      try makeLast(path, mode: mode)
    }
  }

  /// What is missing now is not above: there are file systems in which nobody can make anything.
  private static func makeLast(_ path: String, mode: UInt32) throws(SyscallError) {
    do throws(SyscallError) { try check("mkdir", path) { mkdir(path, mode) } } catch {
      guard error.errno == .exists else { throw error }
    }
  }

  /// Renames within one file system; what is at `target` goes.
  public static func move(_ source: String, to target: String) throws(SyscallError) {
    try check("rename", target) { rename(source, target) }
  }

  /// Renames within one file system, and puts the new name on the disk.
  public static func moveSynced(_ source: String, to target: String) throws(SyscallError) {
    try move(source, to: target)
    try sync(parentOf: target)
  }

  /// Puts the names in the folder that holds `path` on the disk.
  public static func sync(parentOf path: String) throws(SyscallError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    try FileDescriptor.open(folder, [.readOnly, .directory]).sync()
  }

  /// The names in the directory at `path` without `.` and `..`, in no particular order. Names that are not UTF-8 are repaired.
  public static func names(_ path: String) throws(SyscallError) -> [String] {
    try FileDescriptor.open(path, [.readOnly, .directory]).directoryNames().map {
      String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  /// Removes what is at `path`, whatever it is, with everything below it; follows no symbolic link. Nothing there is fine.
  public static func removeTree(_ path: String) throws(SyscallError) {
    guard let status = try FileStatus.of(path) else { return }
    guard status.kind == .directory else {
      try check("unlink", path) { unlink(path) }
      return
    }
    try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]).removeContents()
    try check("rmdir", path) { rmdir(path) }
  }
}

extension FileDescriptor {
  /// The names in this directory without `.` and `..`, each ending in 0.
  package func directoryNames() throws(SyscallError) -> [[CChar]] {
    let copy = try open(at: ".", [.readOnly, .directory])
    guard let stream = fdopendir(copy.number) else { throw SyscallError("fdopendir", errno: .init(rawValue: errno)) }
    _ = copy.release()
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw SyscallError("readdir", errno: .init(rawValue: errno)) }
        return names
      }
      guard let name = proa_dirent_name(entry), proa_same_directory_name(name) == 0 else { continue }
      names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
    }
  }

  /// Removes everything in this directory; follows no symbolic link.
  ///
  /// Trees can be deeper than there are descriptors or stack: directories below are moved up here to be emptied in turn, so that
  /// never more than two are open.
  package func removeContents() throws(SyscallError) {
    var moved: UInt64 = 0
    while true {
      let names = try directoryNames()
      if names.isEmpty { return }
      for name in names where try !removeAtOnce(name) {
        let child = try openResolved(name, [.readOnly, .directory, .noFollow], resolve: .beneath)
        for inner in try child.directoryNames() where try !child.removeAtOnce(inner) {
          try child.moveUp(inner, to: self, &moved)
        }
        try check("unlinkat", subject(name)) { unlinkat(number, name, AT_REMOVEDIR) }
      }
    }
  }

  /// Removes what stands under `name` in this directory with everything below it; follows no symbolic link.
  package func removeTree(at name: [CChar]) throws(SyscallError) {
    if try removeAtOnce(name) { return }
    try openResolved(name, [.readOnly, .directory, .noFollow], resolve: .beneath).removeContents()
    guard try removeAtOnce(name) else { throw SyscallError("unlinkat", errno: .notEmpty) }
  }

  /// Removes a file, or a directory that is empty.
  /// - Returns: whether it is gone; a directory with something in it is not.
  private func removeAtOnce(_ name: [CChar]) throws(SyscallError) -> Bool {
    do throws(SyscallError) {
      try check("unlinkat", subject(name)) { unlinkat(number, name, 0) }
      return true
    } catch {
      if error.errno == .noEntry { return true }
      guard error.errno == .isDirectory || error.errno == .notPermitted else { throw error }
    }
    do throws(SyscallError) { try check("unlinkat", subject(name)) { unlinkat(number, name, AT_REMOVEDIR) } } catch {
      if error.errno == .noEntry { return true }
      guard error.errno == .notEmpty || error.errno == .exists else { throw error }
      return false
    }
    return true
  }

  private func moveUp(
    _ name: [CChar], to directory: borrowing FileDescriptor, _ moved: inout UInt64
  ) throws(SyscallError) {
    let target = directory.number
    while true {
      moved += 1
      do throws(SyscallError) {
        try check("renameat2", subject(name)) { proa_rename_new(number, name, target, "proa-removed-\(moved)") }
        return
      } catch {
        guard error.errno == .exists else { throw error }
      }
    }
  }

  private func subject(_ name: [CChar]) -> String {
    String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
