import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// Which processes a signal to all reaches, and where the shim itself is.
@Suite(.serialized) struct ShimCgroupTests {
  @Test func signalToAllReachesProcessesThatInitLeftBehind() throws {
    // Without a pid namespace the end of init ends nobody else.
    let command = "trap '' TERM; sleep 1000 & echo $!; wait"
    try ContainerFixture.run(command, .init(pidNamespace: false)) { container in
      let client = try container.attach()
      try container.createAndStart()
      let output = try client.read(until: "\n")
      let child = try #require(Int32(output.stdoutText.dropLast()))
      #expect(ContainerFixture.isRunning(child))
      let reply = try container.client().request(.signal(SignalRequest(number: 9, all: true)))
      #expect(reply == .done)
      let record = try container.wait()
      #expect(record.status == 137)
      try container.poll("process \(child) is left") { !ContainerFixture.isRunning(child) }
    }
  }

  @Test func shimJoinsTheCgroupThatItIsGivenAndTheContainerDoesNot() throws {
    let name = "proa-shim-cgroup-\(CurrentProcess.pid)"
    let hierarchy = try #require(
      ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].first { try FileStatus.of("\($0)/cgroup.procs") != nil })
    let folder = "\(hierarchy)/\(name)"
    try Directory.make(folder, mode: 0o755)
    try ContainerFixture.run("sleep 1000", .init(shimCgroups: [folder])) { container in
      try container.createAndStart()
      let state = try container.state()
      let initial = try #require(state.container.pid)
      #expect(try cgroups(of: state.shimPid).contains("0::/\(name)"))
      #expect(try !cgroups(of: initial).contains { $0.hasSuffix("/\(name)") })
    }
    // Its last process is reaped by the first of this namespace.
    let deadline = MonotonicTime.now + 10_000
    let epoll = try Epoll()
    while try !AtomicFile.read("\(folder)/cgroup.procs").isEmpty, .now < deadline {
      try epoll.wait(milliseconds: 10) { _ in }
    }
    try Directory.removeEmpty(folder)
  }

  @Test func limitsOfARunningContainerChange() throws {
    try ContainerFixture.run("sleep 1000", .init(memory: 16 << 20)) { container in
      let pids = JSONObject([("limit", .number(JSONNumber(7)))])
      let update = ShimRequest.update(.object(JSONObject([("pids", .object(pids))])))
      guard case .failure(let early) = try container.client().request(update) else {
        Issue.record("updated before it was made")
        return
      }
      #expect(early.code == .conflict)
      try container.createAndStart()
      #expect(try container.client().request(update) == .done)
      let initial = try #require(try container.state().container.pid)
      #expect(try pidsLimit(of: initial) == "7")
      #expect(try FileStatus.of(container.bundle.resources) == nil)
      let nonsense = ShimRequest.update(.object(JSONObject([("pids", .string("x"))])))
      guard case .failure(let failure) = try container.client().request(nonsense) else {
        Issue.record("nonsense was accepted")
        return
      }
      #expect(failure.code == .runtime)
      #expect(try FileStatus.of(container.bundle.resources) == nil)
    }
  }

  private func pidsLimit(of pid: Int32) throws -> String {
    let line = try #require(try cgroups(of: pid).first { $0.contains(":pids:") || $0.hasPrefix("0::") })
    let hierarchy = line.hasPrefix("0::") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids"
    let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)[2]
    return String(decoding: try AtomicFile.read("\(hierarchy)\(path)/pids.max").filter { $0 > 32 }, as: UTF8.self)
  }

  private func cgroups(of pid: Int32) throws -> [Substring] {
    String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self).split(separator: "\n")
  }
}
