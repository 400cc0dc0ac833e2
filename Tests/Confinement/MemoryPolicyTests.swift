import OCIRuntimeSpec
import Testing

@testable import Confinement

/// `linux.memoryPolicy`, and lists as the kernel writes them.
@Suite struct MemoryPolicyTests {
  private func policy(_ mode: String, _ nodes: String? = nil, _ flags: [String] = []) throws -> MemoryPolicy {
    var policy = LinuxMemoryPolicy()
    (policy.mode, policy.nodes, policy.flags) = (mode, nodes, flags)
    return try MemoryPolicy(policy)
  }

  @Test func modesFlagsAndNodes() throws {
    let bound = try policy("MPOL_BIND", "0-2,7", ["MPOL_F_STATIC_NODES", "MPOL_F_NUMA_BALANCING"])
    #expect(bound.mode == 2 | 1 << 15 | 1 << 13 && bound.nodes == [0, 1, 2, 7])
    #expect(try policy("MPOL_WEIGHTED_INTERLEAVE", "1").mode == 6)
    #expect(try policy("MPOL_DEFAULT").nodes.isEmpty)
  }

  @Test(arguments: [
    ("MPOL_NONSENSE", "", [], "linux.memoryPolicy.mode"), ("", "", [], "linux.memoryPolicy.mode"),
    ("MPOL_BIND", "3-1", [], "linux.memoryPolicy.nodes"), ("MPOL_BIND", "0,", [], "linux.memoryPolicy.nodes"),
    ("MPOL_BIND", "99999999999999999999", [], "linux.memoryPolicy.nodes"),
    ("MPOL_BIND", "1024", [], "linux.memoryPolicy.nodes"),
    ("MPOL_BIND", "0", ["MPOL_F_STATIC_NODES", "x"], "linux.memoryPolicy.flags[1]"),
  ]) func namesTheCulprit(mode: String, nodes: String, flags: [String], path: String) {
    #expect { try policy(mode, nodes, flags) } throws: { ($0 as? ConfinementError)?.path == path }
  }
}
