import LinuxKernel
import Networks
import Testing

/// Who has a bridge, in network namespaces of the tests' own. Needs root.
struct BridgeLockTests {
  @Test func `one owner for each bridge, and nothing is left`() async throws {
    try await Lab.run { lab in
      let configuration = try NetworkConfiguration()
      try lab.inside {
        let lock = try BridgeLock.take(configuration)
        #expect(throws: NetworkError.bridgeInUse("proa0")) { try Self.takeAndRelease(configuration) }
        try Self.takeAndRelease(try NetworkConfiguration(bridge: "other0", address: "172.29.0.1/16"))
        try lock.release()
        try Self.takeAndRelease(configuration)
        let inode = try FileDescriptor.open("/proc/thread-self/ns/net").status().inode
        #expect(try FileStatus.of("/run/proa.\(inode).lock") == nil)
      }
    }
  }

  @Test func `the same bridge in another network namespace is another`() async throws {
    try await Lab.run { lab in
      let configuration = try NetworkConfiguration()
      try lab.inside {
        let lock = try BridgeLock.take(configuration)
        try lab.inside(lab.outside) { try Self.takeAndRelease(configuration) }
        try lock.release()
      }
    }
  }

  private static func takeAndRelease(_ configuration: NetworkConfiguration) throws {
    try BridgeLock.take(configuration).release()
  }
}
