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

  private func cgroups(of pid: Int32) throws -> [Substring] {
    String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self).split(separator: "\n")
  }
}
