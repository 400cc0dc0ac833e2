internal import CLinux
internal import Glibc

/// Replacing the program that this process runs.
package enum Execution {
  /// `execve(2)`: returns only by throwing.
  package static func execute(
    _ path: String, _ arguments: [String], environment: [String]
  ) throws(SyscallError) -> Never {
    try execute(path, arguments, environment) { execve(path, $0, $1) }
  }

  /// Executes the program that `program` holds.
  package static func execute(
    _ program: borrowing FileDescriptor, _ arguments: [String], environment: [String]
  ) throws(SyscallError) -> Never {
    let number = program.number
    try execute("descriptor \(number)", arguments, environment) { Int32(proa_execveat(number, "", $0, $1)) }
  }

  private typealias Strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  private static func execute(
    _ subject: String, _ arguments: [String], _ environment: [String], _ body: (Strings, Strings) -> Int32
  ) throws(SyscallError) -> Never {
    var arguments = arguments.map { strdup($0) } + [nil]
    var environment = environment.map { strdup($0) } + [nil]
    try check("exec", subject) { body(&arguments, &environment) }
    // The kernel never returns success from here.
    throw SyscallError("exec", subject, errno: .invalid)
  }

  /// The arguments of this process's own environment, `NAME=value` each.
  package static var environment: [String] {
    var variables: [String] = []
    var next = proa_environment()
    while let variable = next?.pointee {
      variables.append(String(cString: variable))
      next = next?.successor()
    }
    return variables
  }
}
