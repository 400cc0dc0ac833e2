import JSON
import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Confinement

/// A cache in a folder that is removed at the end, and the path of the file that ``profile`` gets.
private func withCache(_ body: (SeccompCache, String, String) throws -> Void) throws {
  var template = Array("/tmp/proa-seccomp-XXXXXX".utf8CString)
  let path = try #require(mkdtemp(&template).map { String(cString: $0) })
  defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
  let cache = SeccompCache(folder: "\(path)/cache")
  _ = try SeccompFilter(profile, cache: cache)
  let name = try #require(Directory.names("\(path)/cache").first)
  try body(cache, "\(path)/cache", "\(path)/cache/\(name)")
}

private var profile: LinuxSeccomp {
  get throws {
    let json = #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}]}"#
    return try LinuxSeccomp(jsonText: Array(json.utf8))
  }
}

@Suite("Compiled filters on disk")
struct SeccompCacheTests {
  @Test func theSecondTimeTheFileIsUsed() throws {
    try withCache { cache, _, file in
      let compiled = try SeccompFilter(profile)
      // Another program under the right key shows that the file was read.
      let key = SeccompCache.key(for: try profile)
      try AtomicFile.write(SeccompCacheFile.bytes(of: [1, 2, 3], for: key), to: file)
      let cached = try SeccompFilter(profile, cache: cache)
      #expect(cached.program == [1, 2, 3])
      #expect(cached.cacheProblem == nil)
      #expect(compiled.program.count % 8 == 0 && compiled.program.count > 8)
    }
  }

  @Test func anotherProfileHasAnotherKey() throws {
    var other = try profile
    other.defaultErrnoRet = 2
    #expect(SeccompCache.key(for: other) != SeccompCache.key(for: try profile))
  }

  /// Every way to damage the file: the filter is compiled again, and the damage is told.
  @Test(arguments: 0..<8)
  func damageIsNeverLoaded(kind: Int) throws {
    try withCache { cache, folder, file in
      let whole = try AtomicFile.read(file)
      var bytes = whole
      switch kind {
      case 0: bytes = Array(whole.dropLast(8))
      case 1: bytes = []
      case 2: bytes[whole.count - 1] ^= 1
      case 3: bytes[0] ^= 1
      case 4: bytes[20] ^= 1
      case 5: bytes += [6, 0, 0, 0, 0, 0, 0xff, 0x7f]
      case 6: bytes = SeccompCacheFile.bytes(of: [1, 2, 3], for: [UInt8](repeating: 7, count: 32))
      default: bytes = Array(whole.prefix(60))
      }
      try AtomicFile.write(bytes, to: file)
      let filter = try SeccompFilter(profile, cache: cache)
      #expect(filter.program == (try SeccompFilter(profile)).program)
      #expect(filter.cacheProblem?.contains(folder) == true)
    }
  }

  @Test(arguments: [0o755, 0o770, 0o707] as [mode_t])
  func aFolderThatOthersMayEnterIsNotUsed(mode: mode_t) throws {
    try withCache { cache, folder, _ in
      #expect(chmod(folder, mode) == 0)
      let filter = try SeccompFilter(profile, cache: cache)
      #expect(filter.cacheProblem != nil)
      #expect(filter.program == (try SeccompFilter(profile)).program)
    }
  }

  @Test func aFileThatOthersMayReadOrALinkIsNotUsed() throws {
    try withCache { cache, folder, file in
      func problem() throws -> String? { try SeccompFilter(profile, cache: cache).cacheProblem }
      let usual = try problem()
      #expect(usual == nil)
      #expect(chmod(file, 0o644) == 0)
      let readable = try problem()
      #expect(readable != nil)
      #expect(chmod(file, 0o600) == 0 && rename(file, "\(folder)/other") == 0 && symlink("\(folder)/other", file) == 0)
      let linked = try problem()
      #expect(linked != nil)
    }
  }

  @Test func theOldestGoWhenThereAreTooMany() throws {
    try withCache { cache, folder, file in
      for number in 0..<SeccompCache.maximumFiles {
        let path = "\(folder)/old-\(number)"
        try AtomicFile.write([], to: path)
        var times = [timeval(tv_sec: 1000 + number, tv_usec: 0), timeval(tv_sec: 1000 + number, tv_usec: 0)]
        #expect(utimes(path, &times) == 0)
      }
      var other = try profile
      other.defaultErrnoRet = 2
      let problem = try SeccompFilter(other, cache: cache).cacheProblem
      #expect(problem == nil)
      let names = try Directory.names(folder)
      #expect(names.count == SeccompCache.maximumFiles)
      #expect(!names.contains("old-0") && !names.contains("old-1") && names.contains("old-2"))
      #expect(try FileStatus.of(file) != nil)
    }
  }
}
