internal import CLinux
internal import Glibc

/// Replacing the program that this process runs.
package enum Execution {
  /// `execve(2)`: returns only if it fails, why.
  package static func execute(_ path: String, _ arguments: [String], environment: [String]) -> SyscallError {
    execute(path, arguments, environment) { execve(path, $0, $1) }
  }

  /// Executes the program that `program` holds; returns only if it fails.
  package static func execute(
    _ program: borrowing FileDescriptor, _ arguments: [String], environment: [String]
  ) -> SyscallError {
    let number = program.number
    return execute("descriptor \(number)", arguments, environment) { Int32(proa_execveat(number, "", $0, $1)) }
  }

  private typealias Strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  private static func execute(
    _ subject: String, _ arguments: [String], _ environment: [String], _ body: (Strings, Strings) -> Int32
  ) -> SyscallError {
    var arguments = arguments.map { strdup($0) } + [nil]
    var environment = environment.map { strdup($0) } + [nil]
    _ = body(&arguments, &environment)
    return SyscallError("exec", subject, errno: .init(rawValue: errno))
  }
}
