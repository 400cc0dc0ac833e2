import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import ContainerRuntime

@Suite struct ProcessSetupTests {
  @Test(arguments: [
    (["A=1", "B=2", "A=3"], ["A=3", "B=2", "HOME=/h"]),
    (["HOME=/x"], ["HOME=/x"]),
    (["HOME="], ["HOME=/h"]),
    ([], ["HOME=/h"]),
  ]) func environment(_ given: [String], _ variables: [String]) {
    #expect(Environment.variables(given) { "/h" } == variables)
  }

  @Test(arguments: [(0, "/root"), (1000, "/home/u"), (5, nil), (6, nil), (7, nil)])
  func homes(_ uid: Int, _ home: String?) {
    let file = "root:x:0:0:root:/root:/bin/sh\nbroken:x:5\n:x:6:6::\nu:x:1000:1000::/home/u:\n7:x\n"
    #expect(PasswordFile.home(of: UInt32(uid), in: Array(file.utf8)) == home)
  }

  @Test func aPipeIsNoPasswordFile() throws {
    let path = "/tmp/proa-passwd-test-\(getpid())"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(PasswordFile.home(of: 0, path: path) == "/")
  }

  @Test func programsAreFound() throws {
    #expect(try ExecutableSearch.find("sh", environment: ["PATH=/nonexistent:/bin"]) == "/bin/sh")
    #expect(throws: RuntimeError("exec: \"sh\": executable file not found in $PATH")) {
      try ExecutableSearch.find("sh", environment: [])
    }
    #expect(throws: RuntimeError("exec: \"/etc/passwd\": permission denied")) {
      try ExecutableSearch.find("/etc/passwd", environment: [])
    }
    #expect(throws: RuntimeError("exec: \"/nope\": stat /nope: no such file or directory")) {
      try ExecutableSearch.find("/nope", environment: [])
    }
  }

  @Test func sysctlsBelongToNamespaces() throws {
    try SysctlRules.check(["net.ipv4.ip_forward": "1", "net/ipv4/conf/eth0.1/forwarding": "1"], in: [.network])
    try SysctlRules.check(["kernel.msgmax": "1", "fs.mqueue.msg_max": "1"], in: [.ipc])
    for (name, namespaces) in [
      ("net.ipv4.ip_forward", NamespaceKinds.ipc), ("kernel.panic", [.ipc, .network, .uts]),
      ("kernel.hostname", .uts), ("kernel.shmmax", []), ("net..x", .network), ("net/../kernel/panic", .network),
    ] {
      #expect(throws: RuntimeError.self, "\(name)") { try SysctlRules.check([name: "1"], in: namespaces) }
    }
    #expect(SysctlRules.file(of: "net.ipv4.conf.eth0/1.forwarding") == "net/ipv4/conf/eth0.1/forwarding")
    #expect(SysctlRules.file(of: "net/ipv4/conf/eth0.1/forwarding") == "net/ipv4/conf/eth0.1/forwarding")
  }

  @Test func mappings() {
    let mappings = [
      LinuxIDMapping(containerID: 0, hostID: 100_000, size: 10), LinuxIDMapping(containerID: 10, hostID: 5, size: 1),
    ]
    #expect(mappings.mapText == "0 100000 10\n10 5 1\n")
  }

  @Test(arguments: [("a/../b", true), ("/a//b/.", false)]) func bundlePaths(_ path: String, _ isRelative: Bool) throws {
    let absolute = try BundlePath.absolute(path)
    #expect(isRelative ? absolute.hasSuffix("/b") && !absolute.contains("..") : absolute == "/a/b")
  }
}
