import Glibc
import LinuxKernel

struct ShellFailure: Error, CustomStringConvertible {
  let description: String
}

/// What `command` prints.
/// - Throws: if it does not end with 0.
func output(_ command: String) throws -> String {
  guard let pipe = popen(command + " 2>&1", "re") else { throw ShellFailure(description: "popen: \(errno)") }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { text += buffer[..<count] }
  let status = pclose(pipe)
  let result = String(decoding: text, as: UTF8.self)
  guard status == 0 else { throw ShellFailure(description: "\(command): status \(status): \(result)") }
  return result
}

func shell(_ command: String) throws { _ = try output(command) }

/// Waits until `condition` holds, at most ten seconds.
func poll(_ what: String, _ condition: () throws -> Bool) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(10)
  while try !condition() {
    guard clock.now < deadline else { throw ShellFailure(description: "waited in vain for \(what)") }
    try await Task.sleep(for: .milliseconds(10))
  }
}

/// A background process and its children.
struct Child: Sendable {
  let pid: Int32

  init(_ command: String) throws {
    let nowhere = try FileDescriptor.open("/dev/null", .readWrite)
    pid = try ChildProcess.spawn("/bin/sh", ["sh", "-c", command], stdin: nowhere, stdout: nowhere, stderr: nowhere)
  }

  func stop() {
    kill(-pid, SIGKILL)
    waitpid(pid, nil, 0)
  }
}
