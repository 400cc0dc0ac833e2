import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite struct ExecProcessTests {
  private func container() -> Process {
    var process = Process()
    process.env = ["PATH=/bin", "A=1"]
    process.cwd = "/srv"
    process.capabilities = SpecBuilder.capabilities(["CAP_KILL"], uid: 0)
    process.noNewPrivileges = true
    return process
  }

  @Test func takesAfterTheContainer() {
    var configuration = ExecConfiguration()
    configuration.arguments = ["id"]
    configuration.environment = ["A=2", "B=3"]
    let process = ExecProcess.process(configuration, container: container(), user: User(), available: CapabilitySet.all)
    #expect(process.args == ["id"])
    #expect(process.env == ["PATH=/bin", "A=2", "B=3"])
    #expect(process.cwd == "/srv")
    #expect(process.capabilities?.effective == ["CAP_KILL"])
    #expect(process.noNewPrivileges)
  }

  @Test func asAskedFor() {
    var configuration = ExecConfiguration()
    configuration.terminal = true
    configuration.privileged = true
    configuration.workingDirectory = "/tmp"
    var user = User()
    user.uid = 5
    let process = ExecProcess.process(configuration, container: container(), user: user, available: CapabilitySet.all)
    #expect(process.env.contains("TERM=xterm"))
    #expect(process.cwd == "/tmp")
    #expect(process.user.uid == 5)
    #expect(process.capabilities?.bounding == CapabilitySet.all)
    #expect(process.capabilities?.effective == nil)
  }

  @Test func forgetsTheOldestThatHaveEnded() {
    var table = ExecTable()
    for number in 0...ExecTable.limit {
      let session = ExecSnapshot(
        id: "\(number)", container: .random(), configuration: ExecConfiguration(),
        state: number == 3 ? .exited(status: 0, pid: 1) : .running(pid: 1))
      #expect(table.add(session) == (number == ExecTable.limit ? ["3"] : []))
    }
    #expect(table["3"] == nil)
    table.set("4", .exited(status: 5, pid: 1))
    #expect(table.unfinished.count == ExecTable.limit - 1)
  }

  @Test func aStartCanBeWaitedFor() async {
    var table = ExecTable()
    _ = table.add(
      ExecSnapshot(id: "a", container: .random(), configuration: ExecConfiguration(), state: .created))
    for await _ in table.start(of: "a") {}
    for await _ in table.start(of: "nobody") {}
    table.set("a", .starting)
    let (first, second) = (table.start(of: "a"), table.start(of: "a"))
    table.set("a", .running(pid: 5))
    for await _ in first {}
    for await _ in second {}
    for await _ in table.start(of: "a") {}
  }
}
