package import ArgumentParser
internal import Glibc
internal import LinuxKernel

extension ClientCommands {
  /// Parses the process's arguments with `root`, runs the command that they name and exits with its code. A command line
  /// that cannot be parsed gives 125, one that lacks an argument 1, as Docker's.
  ///
  /// It is not asynchronous itself: whatever runs the first task opens descriptors, and none of them must get the number
  /// of a standard stream that the caller has closed.
  package static func main<Root: ParsableCommand>(_ root: Root.Type) -> Never {
    do { try FileDescriptorTable.fillStandard() } catch { root.exit(withError: error) }
    Task { await run(root) }
    // The task ends the process.
    while true { pause() }
  }

  private static func run<Root: ParsableCommand>(_ root: Root.Type) async -> Never {
    do {
      let arguments = try hostAfterCommand(Array(CommandLine.arguments.dropFirst()))
      try check(command: arguments.first, of: root)
      var command = try root.parseAsRoot(FlagForms.normalize(arguments))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      root.exit()
    } catch let code as ExitCode {
      // Whatever it is, it is meant: 64 is not ArgumentParser's here.
      root.exit(withError: code)
    } catch ClientError.help(let text, let toOutput) {
      await tell(text, on: toOutput ? .output : .errors, root)
    } catch let error as ClientError {
      await fail("\(error)", ExitCode(ContainerRun.exitCode(for: error)), root)
    } catch {
      guard root.exitCode(for: error) == .validationFailure else { root.exit(withError: error) }
      let message = root.fullMessage(for: error)
      await fail(message, ExitCode(message.contains("Missing expected argument") ? 1 : 125), root)
    }
  }

  /// - Throws: ``ClientError/tooFewArguments(_:)``, whose exit code is 1, for a command that there is not;
  ///   ``ClientError/usage(_:)`` for a flag.
  static func check<Root: ParsableCommand>(command: String?, of root: Root.Type) throws(ClientError) {
    if let command, command.hasPrefix("-"), !["--help", "-h", "--version", "-H", "--host"].contains(command) {
      let flag = command.hasPrefix("--") ? "flag: " : "shorthand flag: '\(command.dropFirst().prefix(1))' in "
      let name = command.prefix { $0 != "=" }
      throw .usage(
        "unknown \(flag)\(name)\n\nUsage:  proa [OPTIONS] COMMAND [ARG...]\n\nRun 'proa --help' for more information")
    }
    guard let command, !command.hasPrefix("-"), command != "help",
      !root.configuration.subcommands.contains(where: { $0.configuration.commandName == command })
    else { return }
    throw .tooFewArguments("proa: unknown command: proa \(command)\n\nRun 'proa --help' for more information")
  }

  private static func tell<Root: ParsableCommand>(
    _ text: String, on stream: StandardOutput, _ root: Root.Type
  ) async -> Never {
    do { try await stream.writeLine(text) } catch { root.exit(withError: ExitCode(1)) }
    root.exit()
  }

  private static func fail<Root: ParsableCommand>(_ message: String, _ code: ExitCode, _ root: Root.Type) async -> Never
  {
    // Nobody is left to be told if this cannot be written.
    try? await StandardOutput.errors.writeLine(message)
    root.exit(withError: code)
  }

  /// `-H` may stand before the command's name, as in Docker's command lines. It is an option of each command: if it were
  /// the root's, it would be taken from `proa daemon -H` as well.
  /// - Throws: as ``CommandGroups/resolve(_:)``.
  static func hostAfterCommand(_ arguments: [String]) throws(ClientError) -> [String] {
    var rest = arguments[...]
    var host: [String] = []
    while let first = rest.first {
      if first == "-H" || first == "--host" {
        host += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if first.hasPrefix("-H") || first.hasPrefix("--host=") {
        host.append(first)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    guard let first = rest.first, !first.hasPrefix("-") else { return arguments }
    let command = try CommandGroups.resolve(Array(rest))
    return command.prefix(1) + host + command.dropFirst()
  }
}
