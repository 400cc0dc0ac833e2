import JSON
import Testing

/// `ps`. Needs root.
@Suite(.serialized) struct ProcessesTests {
  private func running(_ body: (Bundle) throws -> Void) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1234"]
    } _: { bundle in
      try bundle.start()
      try body(bundle)
    }
  }

  @Test func pidsAreListed() throws {
    try running { bundle in
      let listed = try JSONReader.read(try bundle.runtime("ps", "--format", "json", bundle.id).output)
      #expect(listed == .array([try #require(try bundle.state()["pid"])]))
    }
  }

  @Test func theTableIsTheHosts() throws {
    try running { bundle in
      let pid = "\(try bundle.initPID())"
      let plain = try bundle.runtime("ps", bundle.id)
      #expect(plain.lines.count == 2 && plain.lines[0].contains("PPID"), "\(plain.output)\(plain.errors)")
      #expect(plain.lines.last?.contains(pid) == true && plain.lines.last?.hasSuffix("sleep 1234") == true)
      let chosen = try bundle.runtime("ps", bundle.id, "-e", "-o", "pid,comm")
      #expect(chosen.lines.last?.split(separator: " ") == [Substring(pid), "sleep"], "\(chosen.output)")
    }
  }

  @Test func whatCannotBeUsedIsRefused() throws {
    try running { bundle in
      #expect(try bundle.runtime("ps", "--format", "xml", bundle.id).errors.contains("invalid format option"))
      let blind = try bundle.runtime("ps", bundle.id, "-e", "-o", "comm")
      #expect(blind.status == 1 && blind.errors.contains("couldn't find PID field in ps output"))
      #expect(try bundle.runtime("ps", bundle.id, "--nonsense").status == 1)
    }
  }
}
