package import ArgumentParser

extension ClientCommands {
  /// Parses the process's arguments with `root`, runs the command that they name and exits with its code. A command line
  /// that cannot be parsed gives 125, as Docker's.
  package static func main<Root: ParsableCommand>(_ root: Root.Type) async -> Never {
    do {
      var command = try root.parseAsRoot()
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
}
