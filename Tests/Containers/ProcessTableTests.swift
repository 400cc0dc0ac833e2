import Testing

@testable import Containers

@Suite struct ProcessTableTests {
  @Test func picksTheContainersRows() throws {
    let output = """
      UID          PID    PPID CMD
      root           1       0 init
      root          42       7 sh -c  a b
      root          43      42 -
      """
    let table = try ProcessTable(psOutput: output, pids: [42])
    #expect(table.titles == ["UID", "PID", "PPID", "CMD"])
    #expect(table.rows == [["root", "42", "7", "sh -c a b"]])
  }

  @Test func threadsStandBelowTheirProcess() throws {
    let table = try ProcessTable(psOutput: "PID TID CMD\n1 - a\n- 1 a\n5 - b\n- 5 b\n- 6 b\n", pids: [5])
    #expect(table.rows == [["5", "-", "b"], ["-", "5", "b"], ["-", "6", "b"]])
  }

  @Test(arguments: ["", "CMD\nsh\n"])
  func needsTheColumn(output: String) {
    #expect(throws: ContainerError.invalid("Couldn't find PID field in ps output")) {
      try ProcessTable(psOutput: output, pids: [1])
    }
  }

  @Test func refusesColumnsThatPassForThePid() throws {
    #expect(throws: ContainerError.invalid("specifying \"foo=PID\" is not allowed")) { try ProcessQuery("-o foo=PID") }
    #expect(try ProcessQuery("-o pid=PID").arguments == ["-o", "pid=PID"])
  }

  @Test func refusesWhatTheKernelWould() throws {
    #expect(throws: ContainerError.self) { try ProcessQuery(String(repeating: "x", count: 70_000)) }
    #expect(throws: ContainerError.self) { try ProcessQuery("-e\0f") }
  }

  @Test func membersAreFoundByTheCgroupsPath() {
    let id = ContainerID.random()
    #expect(ContainerProcesses.isMember("5:pids:/proa/\(id)\n0::/\n", of: id))
    #expect(ContainerProcesses.isMember("0::/proa/\(id)/below\n", of: id))
    #expect(!ContainerProcesses.isMember("0::/proa/\(ContainerID.random())\n", of: id))
    #expect(!ContainerProcesses.isMember("", of: id))
  }
}
