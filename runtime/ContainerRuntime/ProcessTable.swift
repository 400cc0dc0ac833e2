internal import LinuxKernel

/// What the host's `ps` says about some processes.
package enum ProcessTable {
  /// The title of the table, and the lines of those processes.
  /// - Parameter options: for `ps`; the table must have a column `PID`.
  package static func text(of pids: [Int32], options: [String]) throws(RuntimeError) -> String {
    try filter(run(options), pids)
  }

  static func filter(_ table: String, _ pids: [Int32]) throws(RuntimeError) -> String {
    let lines = table.split(separator: "\n")
    guard let title = lines.first, let column = fields(of: title).firstIndex(of: "PID") else {
      throw RuntimeError("couldn't find PID field in ps output")
    }
    let wanted = Set(pids)
    var rows = [title]
    for line in lines.dropFirst() {
      let fields = fields(of: line)
      guard column < fields.count, let pid = Int32(fields[column]) else {
        throw RuntimeError("unable to parse pid: \(line)")
      }
      if wanted.contains(pid) { rows.append(line) }
    }
    return rows.map { "\($0)\n" }.joined()
  }

  private static func fields(of line: Substring) -> [Substring] { line.split { $0 == " " || $0 == "\t" } }

  private static func run(_ options: [String]) throws(RuntimeError) -> String {
    let path = try ExecutableSearch.find("ps", environment: CurrentProcess.environment)
    let (text, status) = try explaining { () throws(SyscallError) in
      let input = try FileDescriptor.open("/dev/null")
      let output = try FileDescriptor.anonymousFile(named: "ps")
      let pid = try ChildProcess.spawn(path, ["ps"] + options, stdin: input, stdout: output, stderr: output)
      let status = try Processes.reap(pid)?.status
      return (String(decoding: try output.readAllFromStart(limit: 64 << 20), as: UTF8.self), status)
    }
    guard status == .exited(0) else { throw RuntimeError("ps: \(status?.phrase ?? "has no status"): \(text)") }
    return text
  }
}
