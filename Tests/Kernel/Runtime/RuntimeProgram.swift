import Glibc
import LinuxKernel
import Testing

/// `proa-runtime` as it was built beside these tests.
struct RuntimeProgram {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    var lines: [Substring] { output.split(separator: "\n") }
  }

  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let executable = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    // `swift test` runs either the bundle itself or a helper of the toolchain with the bundle as an argument.
    let bundle = CommandLine.arguments.last { $0.contains(".xctest") } ?? executable
    let folder = bundle.prefix(upTo: bundle.range(of: "/debug/").map { $0.upperBound } ?? bundle.endIndex)
    return folder + "proa-runtime"
  }()

  /// The reference.
  static func runc() throws -> String {
    let places = ["/usr/sbin/runc", "/usr/bin/runc"]
    return try #require(places.first { access($0, X_OK) == 0 }, "runc is not installed; hack/test kernel does that")
  }

  /// Runs it to the end.
  static func run(_ arguments: [String], input: String = "", program: String = path) throws -> Outcome {
    let stdin = try FileDescriptor.anonymousFile(named: "stdin")
    let stdout = try FileDescriptor.anonymousFile(named: "stdout")
    let stderr = try FileDescriptor.anonymousFile(named: "stderr")
    try stdin.writeAll(Array(input.utf8))
    try stdin.seek(to: 0)
    let pid = try ChildProcess.spawn(
      program, [program] + arguments, stdin: stdin, stdout: stdout, stderr: stderr)
    let ended = try #require(try Processes.reap(pid))
    return Outcome(
      status: ended.status.shellStatus,
      output: String(decoding: try stdout.readAllFromStart(limit: 1 << 20), as: UTF8.self),
      errors: String(decoding: try stderr.readAllFromStart(limit: 1 << 20), as: UTF8.self))
  }
}

extension StringProtocol {
  /// Where `text` is first.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
