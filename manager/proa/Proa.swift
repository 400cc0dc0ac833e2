internal import ArgumentParser
internal import Client

/// The switchyard: which of its two things `proa` is this time, the daemon or its client.
@main
struct Proa: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proa", abstract: "Runs containers.", version: Version.text,
    subcommands: [DaemonCommand.self] + ClientCommands.all, helpNames: .long)

  /// Where the client's commands find the daemon; the daemon has a `-H` of its own.
  @OptionGroup var global: GlobalOptions

  static func main() async { await ClientCommands.main(Self.self) }
}
