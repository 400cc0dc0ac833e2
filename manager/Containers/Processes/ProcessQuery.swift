internal import LinuxKernel

/// Asks the host's `ps` about the processes of a container: nothing of the container itself is executed. Blocks.
struct ProcessQuery {
  /// Bytes of what `ps` says.
  static let outputLimit = 16 << 20
  /// Bytes of options; the kernel takes no argument of twice as many.
  static let optionsLimit = 64 << 10

  let arguments: [String]

  /// - Parameter text: options of `ps`, separated by spaces.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words for a column that would pass for the process's identifier.
  init(_ text: String) throws(ContainerError) {
    guard text.utf8.count <= Self.optionsLimit, !text.contains("\0") else {
      throw .invalid("the options of ps have a null byte, or more than \(Self.optionsLimit) bytes")
    }
    arguments = text.split(separator: " ").map(String.init)
    for match in text.matches(of: /\s(\S*)=\s*(PID\S*)/) where match.1 != "pid" {
      throw .invalid("specifying \"\(match.1)=\(match.2)\" is not allowed")
    }
  }

  func run(in container: ContainerID) throws -> ProcessTable {
    let pids = try ContainerProcesses.pids(of: container)
    let list = "-q" + pids.sorted().map(String.init).joined(separator: ",")
    var (status, output, complaint) = try Self.ps(arguments + [list])
    // Some options, such as f, do not go together with -q.
    if status != .exited(0) { (status, output, complaint) = try Self.ps(arguments) }
    // It says nothing and ends with 1 where the options select no process.
    guard status == .exited(0) || status == .exited(1) && complaint.isEmpty else {
      throw ContainerError.invalid("ps: \(complaint.split(separator: "\n").first ?? "it failed")")
    }
    return try ProcessTable(psOutput: output, pids: pids)
  }

  private static func ps(_ arguments: [String]) throws -> (ExitStatus, output: String, complaint: String) {
    guard let program = ["/usr/bin/ps", "/bin/ps"].first(where: Machine.canExecute) else {
      throw ContainerError.failed("ps is not installed on this machine")
    }
    let null = try FileDescriptor.open("/dev/null", [.readWrite])
    var output = try Pipe()
    var complaint = try Pipe()
    let outputEnd = output.takeReadEnd()
    let complaintEnd = complaint.takeReadEnd()
    let pid: Int32
    do {
      let stdout = output.takeWriteEnd()
      let stderr = complaint.takeWriteEnd()
      pid = try ChildProcess.spawn(program, ["ps"] + arguments, stdin: null, stdout: stdout, stderr: stderr)
    }
    let text: [UInt8]
    let words: [UInt8]
    do throws(SyscallError) {
      text = try outputEnd.readAll(limit: outputLimit)
      words = try complaintEnd.readAll(limit: 1 << 16)
    } catch {
      try LinuxKernel.Signal.kill.send(toGroup: pid)
      _ = try Processes.reap(pid)
      throw error
    }
    guard let (_, status) = try Processes.reap(pid) else {
      throw SyscallError("waitpid", program, errno: .noProcess)
    }
    return (status, String(decoding: text, as: UTF8.self), String(decoding: words, as: UTF8.self))
  }
}

/// Which processes of the machine are a container's.
enum ContainerProcesses {
  /// Those in its cgroup, or below: the last part of the cgroup's path is the container's identifier. Blocks.
  static func pids(of container: ContainerID) throws(SyscallError) -> Set<Int32> {
    var found: Set<Int32> = []
    for name in try Directory.names("/proc") {
      guard let pid = Int32(name) else { continue }
      do throws(SyscallError) {
        let groups = String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup", limit: 1 << 16), as: UTF8.self)
        if isMember(groups, of: container) { found.insert(pid) }
      } catch {
        // It has ended meanwhile.
        guard error.errno == .noEntry || error.errno == .noProcess else { throw error }
      }
    }
    return found
  }

  /// - Parameter groups: `/proc/<pid>/cgroup`.
  static func isMember(_ groups: String, of container: ContainerID) -> Bool {
    groups.split(separator: "\n").contains { line in line.split(separator: "/").contains { $0 == container.text } }
  }
}
