import JSON
import Testing

/// The same commands given to `proa-runtime` and to runc: exit codes, and the words that engines look for. Needs root and runc.
@Suite(.serialized) struct BesideRuncTests {
  /// Commands in their order, `ID` for the container's name; with what the errors of both have to say.
  private static let commands: [([String], String)] = [
    (["state", "ID"], ""), (["resume", "ID"], "container not paused"), (["pause", "ID"], ""),
    (["pause", "ID"], "container not running"),
    (["exec", "ID", "/bin/true"], "cannot exec in a paused container (use --ignore-paused to override)"),
    (["start", "ID"], "cannot start"), (["update", "--pids-limit", "20", "ID"], ""), (["resume", "ID"], ""),
    (["exec", "ID", "/bin/sh", "-c", "exit 9"], ""), (["exec", "ID", "nope"], "executable file not found in $PATH"),
    (["update", "--memory", "64M", "--memory-swap", "128M", "ID"], ""),
    (["update", "--memory", "lots", "ID"], "invalid value for memory"),
    (["update", "--cpu-share", "-1", "ID"], "invalid value for cpu-share"),
    (["update", "--cpuset-cpus", "4096", "ID"], "cpuset.cpus"), (["update", "-r", "/not/there", "ID"], "/not/there"),
    (["update"], "requires exactly 1 argument"), (["ps", "ID", "-o", "pid,comm", "-e"], ""),
    (["ps", "-f", "xml", "ID"], "invalid format option"),
    (["ps", "ID", "-e", "-o", "comm"], "couldn't find PID field in ps output"), (["ps"], "requires a minimum of 1"),
    (["kill", "ID", "NONSENSE"], "unknown signal"), (["delete", "ID"], "is not stopped"), (["kill", "ID", "KILL"], ""),
    (["state", "none"], "container does not exist"), (["pause", "none"], "container does not exist"),
    (["ps", "none"], "container does not exist"), (["update", "none"], "container does not exist"),
  ]

  /// What `program` says to all of them.
  private func outcomes(of program: String) throws -> [RuntimeProgram.Outcome] {
    var outcomes: [RuntimeProgram.Outcome] = []
    try Bundle.with(program: program) {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.start()
      for (command, _) in Self.commands {
        let arguments = ["--root", bundle.root] + command.map { $0 == "ID" ? bundle.id : $0 }
        outcomes.append(try RuntimeProgram.run(arguments, program: program))
      }
    }
    return outcomes
  }

  @Test func exitCodesAndWordsAreTheSame() throws {
    let ours = try outcomes(of: RuntimeProgram.path)
    let theirs = try outcomes(of: RuntimeProgram.runc())
    for ((command, words), (ours, theirs)) in zip(Self.commands, zip(ours, theirs)) {
      let line = command.joined(separator: " ")
      #expect(ours.status == theirs.status, "\(line): \(ours.errors)\(theirs.errors)")
      #expect(theirs.errors.contains(words), "runc \(line): \(theirs.errors)")
      #expect(ours.errors.contains(words), "\(line): \(ours.errors)")
      #expect(ours.output.isEmpty == theirs.output.isEmpty, "\(line): \(ours.output)\(theirs.output)")
    }
  }
}
