internal import ArgumentParser

/// The switchyard: which of its two things `proa` is this time, the daemon or its client.
@main
struct Proa: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proa", abstract: "Runs containers.", version: Version.text, subcommands: [DaemonCommand.self])
}
