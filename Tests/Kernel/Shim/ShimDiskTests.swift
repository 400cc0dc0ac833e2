import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// A disk that takes no exit record: the status is told all the same, and written once that is possible.
@Suite(.serialized) struct ShimDiskTests {
  @Test func exitIsToldFromMemoryAndWrittenWhenTheDiskHasSpaceAgain() throws {
    try ContainerFixture.run("sleep 1000", .init(log: false, diskSize: 16 << 20)) { container in
      try container.createAndStart()
      let filler = "\(container.bundle.path)/filler"
      try fill(filler)
      try expectStatusFromMemory(container)
      try Directory.removeTree(filler)
      try expectRecord(container)
    }
  }

  @Test func exitIsToldFromMemoryAndWrittenWhenTheDiskIsWritableAgain() throws {
    try ContainerFixture.run("sleep 1000", .init(log: false, diskSize: 16 << 20)) { container in
      try container.createAndStart()
      let root = String(container.bundle.path.dropLast("/bundle".count))
      // Whoever has just started the container may still write there.
      try container.poll("the disk stays busy") {
        do throws(SyscallError) { try Mounts.mount(nil, on: root, flags: [.remount, .readOnly]) } catch {
          guard error.errno == .busy else { throw error }
          return false
        }
        return true
      }
      try expectStatusFromMemory(container)
      try Mounts.mount(nil, on: root, flags: [.remount])
      try expectRecord(container)
    }
  }

  @Test func recordOfAnExecThatCannotBeWrittenIsGivenUpWithItsFolder() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let id = try #require(ExecID("e1"))
      let client = try container.client()
      _ = try client.request(.exec(ExecRequest(id: id, process: ContainerFixture.process("exit 9"))))
      try Directory.make("\(container.bundle.exec(id).exitRecord)/in the way")
      _ = try client.request(.execStart(id))
      let record = try container.wait(.exec(id))
      #expect(record.status == 9)
      let deleted = try client.request(.execDelete(id))
      #expect(deleted == .done)
      let complaints = String(decoding: try AtomicFile.read(container.bundle.shimLog), as: UTF8.self)
      #expect(complaints.contains("cannot record the exit"))
    }
  }

  @Test func logOnAFullDiskLosesWholeRecordsAndSaysSo() throws {
    let script = "read go; yes | head -c 2000000; echo full >&2; read go; echo after"
    try ContainerFixture.run(script, .init(stdin: true, diskSize: 16 << 20)) { container in
      try container.createAndStart()
      let filler = "\(container.bundle.path)/filler"
      try fill(filler)
      let client = try container.attach(stdin: true)
      try client.send(Frame(.stdin, Array("go\n".utf8)).bytes)
      var output = AttachedOutput()
      // Two streams: the end of one may come before that of the other.
      while output.stderrText != "full\n" || output.stdout.count < 2_000_000, let frame = try client.next() {
        try output.add(frame)
      }
      #expect(output.stdout.count == 2_000_000)
      try Directory.removeTree(filler)
      try client.send(Frame(.stdin, Array("go\n".utf8)).bytes)
      _ = try container.wait()
      let log = try container.log()
      #expect(log.last?.1 == "after\n")
      let marker = log.dropLast().last
      #expect(
        marker?.0 == "stderr" && marker?.1.hasSuffix(" log records were lost here: no space left on device]\n") == true)
      #expect(log.allSatisfy { ["y\n", "after\n"].contains($0.1) || $0.0 == "stderr" })
    }
  }

  /// Writes until nothing more fits.
  private func fill(_ path: String) throws {
    let file = try FileDescriptor.open(path, [.writeOnly, .create])
    for size in [64 << 10, 1] {
      do throws(SyscallError) { while true { try file.writeAll([UInt8](repeating: 1, count: size)) } } catch {
        try #require(error.errno == .noSpace)
      }
    }
  }

  private func expectStatusFromMemory(_ container: ContainerFixture) throws {
    let reply = try container.client().request(.signal(SignalRequest(number: 9)))
    #expect(reply == .done)
    let record = try container.wait()
    #expect(record.status == 137)
    #expect(try FileStatus.of(container.bundle.exitRecord) == nil)
    // What only the shim knows keeps it here.
    let pid = try container.state().shimPid
    try Signal.terminate.send(to: pid)
    let state = try container.state()
    #expect(state.shimPid == pid && state.container.exit == record)
  }

  private func expectRecord(_ container: ContainerFixture) throws {
    try container.poll("the exit is not written") { try FileStatus.of(container.bundle.exitRecord) != nil }
    let told = try container.wait()
    let written = try ExitRecord(jsonText: AtomicFile.read(container.bundle.exitRecord))
    #expect(written == told)
  }
}
