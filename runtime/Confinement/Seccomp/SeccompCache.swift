internal import CSeccomp
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// Compiled filters on disk: compiling Docker's profile takes ten times as long as reading the result.
///
/// A file is believed only if its folder and it are this user's alone, and if its checksum and its key say that it is whole
/// and the answer to the question. Anything else is an error, after which the caller compiles.
public struct SeccompCache: Sendable {
  private let folder: String
  /// More are not kept: profiles are few, and somebody who makes up new ones must not fill the disk.
  static let maximumFiles = 64

  /// - Parameter folder: made with mode 0700 when the first filter is stored.
  public init(folder: String) { self.folder = folder }

  /// What identifies a program: the profile, the machine, and who compiled it.
  static func key(for profile: LinuxSeccomp) -> [UInt8] {
    var profile = profile
    // Each container may have its own.
    (profile.listenerPath, profile.listenerMetadata) = (nil, nil)
    let version = seccomp_version().pointee
    let compiler =
      "\(SeccompCacheFile.magic) \(version.major).\(version.minor).\(version.micro) \(seccomp_arch_native())\n"
    return SHA256.digest(of: Array(compiler.utf8) + JSONWriter.bytes(profile))
  }

  /// The program stored for `key`; `nil` if there is none.
  func program(for key: [UInt8]) throws(SeccompCacheError) -> [UInt8]? {
    guard let file = try openFile(key) else { return nil }
    do throws(SyscallError) {
      guard let program = SeccompCacheFile.program(in: try file.readAll(limit: 64 << 10), for: key) else {
        throw SyscallError("read", "torn, or not what its name says", errno: .invalid)
      }
      return program
    } catch { throw SeccompCacheError(path: path(key), reason: error.description) }
  }

  /// Keeps `program` for `key`, visible to others in one step.
  func store(_ program: [UInt8], for key: [UInt8]) throws(SeccompCacheError) {
    do throws(SyscallError) {
      try Directory.make(folder, mode: 0o700)
      let directory = try FileDescriptor.open(folder, [.readOnly, .directory, .noFollow])
      try check(directory.status(), .directory, folder)
      try evictOldest(in: directory)
      try AtomicFile.write(SeccompCacheFile.bytes(of: program, for: key), to: path(key), durability: .visible)
    } catch { throw SeccompCacheError(path: folder, reason: error.description) }
  }

  /// Makes room for one more.
  private func evictOldest(in directory: borrowing FileDescriptor) throws(SyscallError) {
    let names = try Directory.names(folder)
    let surplus = names.count - Self.maximumFiles + 1
    guard surplus > 0 else { return }
    var ages: [(modified: Int64, name: String)] = []
    for name in names {
      // One that is gone has been evicted by somebody else.
      if let status = try directory.status(at: name) { ages.append((status.modified, name)) }
    }
    for (_, name) in ages.sorted(by: <).prefix(surplus) {
      do throws(SyscallError) { try directory.remove(at: name) } catch { if error.errno != .noEntry { throw error } }
    }
  }

  private func openFile(_ key: [UInt8]) throws(SeccompCacheError) -> FileDescriptor? {
    do throws(SyscallError) {
      let directory = try FileDescriptor.open(folder, [.readOnly, .directory, .noFollow])
      try check(directory.status(), .directory, folder)
      let file = try directory.open(at: Self.name(key), [.readOnly, .noFollow, .nonBlocking])
      try check(file.status(), .regular, path(key))
      return file
    } catch {
      if error.errno == .noEntry { return nil }
      throw SeccompCacheError(path: path(key), reason: error.description)
    }
  }

  private func check(_ status: FileStatus, _ kind: FileStatus.Kind, _ path: String) throws(SyscallError) {
    guard status.kind == kind, status.owner == CurrentProcess.effectiveUID, status.permissions & 0o077 == 0 else {
      throw SyscallError("fstat", "\(path) is not this user's alone", errno: .notPermitted)
    }
  }

  private func path(_ key: [UInt8]) -> String { "\(folder)/\(Self.name(key))" }

  private static func name(_ key: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Why a cached filter was not used or not kept.
struct SeccompCacheError: Error, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "seccomp cache \(path): \(reason)" }
}
