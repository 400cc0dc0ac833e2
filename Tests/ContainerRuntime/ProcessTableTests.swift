import Testing

@testable import ContainerRuntime

@Suite("The table of processes")
struct ProcessTableTests {
  @Test func onlyTheContainersLinesAreShown() throws {
    let table = "UID   PID PPID CMD\nroot    1    0 init\nroot   12    1 sleep 1\n  x     2    1 sleep 12\n"
    #expect(try ProcessTable.filter(table, [12, 99]) == "UID   PID PPID CMD\nroot   12    1 sleep 1\n")
  }

  @Test(arguments: ["", "CMD\nsleep\n", "PID\nsleep\n", "CMD PID\nsleep\n"])
  func tablesWithoutPids(table: String) {
    #expect(throws: RuntimeError.self) { try ProcessTable.filter(table, [1]) }
  }
}
