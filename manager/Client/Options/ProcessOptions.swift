internal import ArgumentParser
internal import Glibc
internal import LinuxKernel

/// Options about a process that `run`, `create` and `exec` share.
struct ProcessOptions: ParsableArguments {
  @Option(
    name: [.customShort("e", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
    help: "Set environment variables")
  var env: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Read in a file of environment variables")
  var envFile: [String] = []
  @Flag(name: [.short, .long], help: "Keep STDIN open even if not attached")
  var interactive = false
  @Flag(name: [.short, .long], help: "Allocate a pseudo-TTY")
  var tty = false
  @Flag(name: .long, help: "Give extended privileges")
  var privileged = false
  @Option(
    name: [.customShort("u", allowingJoined: true), .long], parsing: .unconditional,
    help: "Username or UID (format: <name|uid>[:<group|gid>])")
  var user = ""
  @Option(
    name: [.customShort("w", allowingJoined: true), .customLong("workdir")], parsing: .unconditional,
    help: "Working directory inside the container")
  var workingDirectory = ""

  /// The variables of files and options, in this order. A name alone stands for the client's own variable.
  func environment() throws -> [String] {
    var result: [String] = []
    for path in envFile {
      let text = try Self.text(path)
      result += try EnvironmentFile.parse(text, path: path, inherited: Self.inherited)
    }
    for variable in env {
      guard !variable.isEmpty, variable.first != "=" else {
        throw ClientError.usage(
          "invalid argument \"\(variable)\" for \"-e, --env\" flag: invalid environment variable: \(variable)")
      }
      if variable.contains("=") {
        result.append(variable)
      } else {
        result.append(Self.inherited(variable).map { "\(variable)=\($0)" } ?? variable)
      }
    }
    return result
  }

  static func text(_ path: String) throws(ClientError) -> String {
    do { return String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self) } catch {
      throw .usage("\(error)")
    }
  }

  private static func inherited(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
