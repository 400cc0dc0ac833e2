package import ArgumentParser

extension ClientCommands {
  /// Parses the process's arguments with `root`, runs the command that they name and exits with its code. A command line
  /// that cannot be parsed gives 125, as Docker's.
  package static func main<Root: ParsableCommand>(_ root: Root.Type) async -> Never {
    do {
      var command = try root.parseAsRoot(hostAfterCommand(Array(CommandLine.arguments.dropFirst())))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      root.exit()
    } catch {
      guard root.exitCode(for: error) == .validationFailure else { root.exit(withError: error) }
      // Nobody is left to be told if this cannot be written.
      try? await StandardOutput.errors.writeLine(root.fullMessage(for: error))
      root.exit(withError: ExitCode(125))
    }
  }

  /// `-H` may stand before the command's name, as in Docker's command lines. It is an option of each command: if it were
  /// the root's, it would be taken from `proa daemon -H` as well.
  static func hostAfterCommand(_ arguments: [String]) -> [String] {
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
    guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
    return [command] + host + rest.dropFirst()
  }
}
