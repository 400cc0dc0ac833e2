internal import ArgumentParser
internal import Client

/// The switchyard: which of its two things `proa` is this time, the daemon or its client.
@main
struct Proa: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proa", abstract: "Runs containers.",
    discussion: "-H unix:///path, also before the command, says where the daemon is; else PROA_HOST or DOCKER_HOST.",
    version: Version.text,
    subcommands: [DaemonCommand.self] + ClientCommands.all, helpNames: .long)

  static func main() { ClientCommands.main(Self.self) }
}
